const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** The greatest unit of which there are two, if there is one. */
function inUnits(ms: number): [amount: number, unit: 'second' | 'minute' | 'hour' | 'day'] {
  if (ms < 2 * MINUTE_MS) return [Math.round(ms / 1000), 'second'];
  if (ms < 2 * HOUR_MS) return [Math.round(ms / MINUTE_MS), 'minute'];
  return ms < 2 * DAY_MS ? [Math.round(ms / HOUR_MS), 'hour'] : [Math.round(ms / DAY_MS), 'day'];
}

/** A length of time as a person says it, in the editor's language. */
export function duration(ms: number): string {
  const [amount, unit] = inUnits(Math.max(0, ms));
  return new Intl.NumberFormat(RED.i18n.lang(), { style: 'unit', unit, unitDisplay: 'short' }).format(amount);
}

/** "14 seconds ago". */
export function ago(ms: number): string {
  const [amount, unit] = inUnits(Math.max(0, ms));
  return new Intl.RelativeTimeFormat(RED.i18n.lang(), { style: 'short' }).format(-amount, unit);
}

/** The time of day of a moment; of one that is not of the last day, with its date. */
export function clock(at: number, now: number = at): string {
  const dateStyle = now - at > DAY_MS ? ({ dateStyle: 'short' } as const) : {};
  return new Intl.DateTimeFormat(RED.i18n.lang(), { timeStyle: 'short', ...dateStyle }).format(at);
}

/** The time of day, with its seconds. */
export function exactClock(at: number): string {
  return new Intl.DateTimeFormat(RED.i18n.lang(), { timeStyle: 'medium' }).format(at);
}

const SIZES = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;

export function size(bytes: number): string {
  const step = bytes < 1000 ? 0 : Math.min(SIZES.length - 1, Math.floor(Math.log10(bytes) / 3));
  const unit = SIZES[step] ?? 'byte';
  const options = {
    style: 'unit',
    unit,
    unitDisplay: 'short',
    maximumFractionDigits: step === 0 ? 0 : 1,
  } as const;
  return new Intl.NumberFormat(RED.i18n.lang(), options).format(bytes / 1000 ** step);
}

export function number(value: number): string {
  const digits = value > 0 && value < 10 ? 1 : 0;
  return new Intl.NumberFormat(RED.i18n.lang(), { maximumFractionDigits: digits }).format(value);
}
