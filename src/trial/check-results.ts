import type { RejectionCode } from '../handshake/rejection.js';
import type { Check, CheckName, CheckValues } from './trial.js';

/** A check that the token passed. */
export function passed(name: CheckName, finding: string, values: CheckValues = {}): Check {
  return { name, finding, values, result: 'passed' };
}

/** A check that failed, with the refusal it leads to. */
export function failed(
  name: CheckName,
  finding: string,
  values: CheckValues = {},
  code: RejectionCode = 'token_invalid',
): Check {
  return { name, finding, values, result: 'failed', code };
}

/** A check that was not made: nothing is configured for it, or what it needs is not there. */
export function skipped(name: CheckName, finding = 'not-checked', values: CheckValues = {}): Check {
  return { name, finding, values, result: 'skipped' };
}

/** Longest quotation from a token, in characters: enough to recognise a value. */
const MAX_QUOTED = 200;

/** A value out of a token as text. */
export function quoted(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > MAX_QUOTED ? `${text.slice(0, MAX_QUOTED)}…` : text;
}
