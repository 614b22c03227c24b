import { FORM_PROBLEMS } from '../token/form.js';
import { MISTAKEN } from './recognise.js';
import type { Check, CheckName, CheckValues, TrialCode } from './trial.js';

/** What may be found of a token before its claims are looked at; a rule for claims lists its own. */
export const FINDINGS = {
  form: [...FORM_PROBLEMS, ...MISTAKEN, 'jwt', 'near-head', 'head', 'header', 'crit', 'unencoded', 'claims'],
  algorithm: ['allowed', 'refused', 'missing'],
  signature: ['secret', 'kid', 'key', 'wrong', 'nonce', 'no-kid', 'no-key', 'no-keys', 'unusable-key'],
} as const;

type Finding<N extends keyof typeof FINDINGS> = (typeof FINDINGS)[N][number];

/** A check that the token passed. */
export function passed<N extends keyof typeof FINDINGS>(
  name: N,
  finding: Finding<N>,
  values: CheckValues = {},
): Check {
  return { name, finding, values, result: 'passed' };
}

/** A check that failed, with the refusal it leads to. */
export function failed<N extends keyof typeof FINDINGS>(
  name: N,
  finding: Finding<N>,
  values: CheckValues = {},
  code: TrialCode = 'token_invalid',
): Check {
  return { name, finding, values, result: 'failed', code };
}

/** A check that was not made: what it needs is not there. */
export function skipped(name: CheckName): Check {
  return { name, finding: 'not-checked', values: {}, result: 'skipped' };
}

/** Longest quotation from a token, in characters: enough to recognise a value. */
const MAX_QUOTED = 200;

/** A value out of a token as text. */
export function quoted(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > MAX_QUOTED ? `${text.slice(0, MAX_QUOTED)}…` : text;
}
