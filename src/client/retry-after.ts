import type { IncomingMessage } from 'node:http';

/** Longest wait that a server may ask for, in milliseconds: a mistaken value must not silence a client for ever. */
export const MAX_RETRY_AFTER_MS = 600_000;

/** HTTP statuses for which a wait is honoured: RFC 6585 §4, RFC 9110 §15.6.4. */
const STATUSES: readonly (number | undefined)[] = [429, 503];

/** The three forms of RFC 9110 §5.6.7, of which a recipient must take each; the day of the week is not looked at. */
const DATES = [
  /^[A-Z][a-z]{2}, (?<day>\d\d) (?<month>[A-Z][a-z]{2}) (?<year>\d{4}) (?<time>\d\d:\d\d:\d\d) GMT$/,
  /^[A-Z][a-z]{5,8}, (?<day>\d\d)-(?<month>[A-Z][a-z]{2})-(?<year>\d\d) (?<time>\d\d:\d\d:\d\d) GMT$/,
  /^[A-Z][a-z]{2} (?<month>[A-Z][a-z]{2}) (?<day>[ \d]\d) (?<time>\d\d:\d\d:\d\d) (?<year>\d{4})$/,
];

/**
 * How long a server that refuses with 429 or 503 wants to be left alone, in milliseconds, at most MAX_RETRY_AFTER_MS
 * (Retry-After, RFC 9110 §10.2.3: seconds or a date). Undefined where it does not say so, or not properly.
 */
export function retryAfterMs(
  { statusCode, headers }: Pick<IncomingMessage, 'statusCode' | 'headers'>,
  nowMs = Date.now(),
): number | undefined {
  const value = headers['retry-after'];
  if (value === undefined || !STATUSES.includes(statusCode)) return undefined;
  const waitMs = /^\d+$/.test(value) ? Number(value) * 1000 : dateOf(value, nowMs) - nowMs;
  return Number.isNaN(waitMs) ? undefined : Math.min(Math.max(0, waitMs), MAX_RETRY_AFTER_MS);
}

/** Milliseconds since 1970; NaN where `text` is no date, or none of the calendar. */
function dateOf(text: string, nowMs: number): number {
  const {
    day = '',
    month,
    year = '',
    time,
  } = DATES.map((form) => form.exec(text)?.groups).find(Boolean) ?? {};
  const date = `${day.replace(' ', '0')} ${month} ${fullYear(year, nowMs)} ${time} GMT`;
  const dateMs = Date.parse(date);
  // Date.parse takes the 31st of February for a day in March
  return new Date(dateMs).toUTCString().endsWith(date) ? dateMs : Number.NaN;
}

/** Two digits are of this century, unless that is more than 50 years ahead: RFC 9110 §5.6.7. */
function fullYear(year: string, nowMs: number): string {
  if (year.length !== 2) return year;
  const full = 2000 + Number(year);
  return String(full > new Date(nowMs).getUTCFullYear() + 50 ? full - 100 : full);
}
