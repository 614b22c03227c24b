const UNITS: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['year', 31_557_600],
  ['month', 2_629_800],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
];

/**
 * A time in the editor's language: how far it is from `now`, and when it is. Both in seconds since the epoch; what lies
 * beyond all calendars stays a number.
 */
export function timeTexts(at: number, now: number): { readonly when: string; readonly date: string } {
  const time = new Date(at * 1000);
  if (Number.isNaN(time.getTime())) return { when: String(at), date: String(at) };
  const language = RED.i18n.lang();
  const distance = at - now;
  const [unit, seconds] = UNITS.find(([, size]) => Math.abs(distance) > size * 0.99) ?? [
    'second' as const,
    1,
  ];
  const relative = new Intl.RelativeTimeFormat(language, { numeric: 'auto' });
  const absolute = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'medium' });
  return {
    when: relative.format(Math.round(distance / seconds), unit),
    date: absolute.format(time),
  };
}
