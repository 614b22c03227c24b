import { FORM_PROBLEMS } from '../token/form.js';
import { MISTAKEN } from './recognise.js';
import type { Check, CheckName, CheckValues, TrialCode } from './trial.js';

/** What a trial may find; a rule for claims lists its own, to which the names of other claims may be added here. */
export const FINDINGS = {
  origin: ['allowed', 'no-browser', 'refused', 'missing', 'not-given'],
  hook: ['not-asked'],
  source: ['query', 'header', 'bearer', 'protocol', 'cookie', 'message'],
  form: [...FORM_PROBLEMS, ...MISTAKEN, 'jwt', 'near-head', 'head', 'header', 'crit', 'unencoded', 'claims'],
  chosen: ['named', 'rest', 'missing', 'slash', 'other'],
  algorithm: ['allowed', 'refused', 'secret', 'public', 'missing'],
  signature: [
    'secret',
    'kid',
    'key',
    'wrong',
    'encoding',
    'newline',
    'nonce',
    'no-kid',
    'no-key',
    'no-keys',
    'unusable-key',
    'function-failed',
    'function-late',
  ],
  tenant: ['among'],
  claims: ['among'],
  middleware: ['not-asked'],
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

/** A check that a trial does not make, with what there is to say about it. */
export function untried<N extends keyof typeof FINDINGS>(
  name: N,
  finding: Finding<N>,
  values: CheckValues = {},
): Check {
  return { name, finding, values, result: 'skipped' };
}

/** Longest quotation from a token, in characters: enough to recognise a value. */
const MAX_QUOTED = 200;

/** A value out of a token as text. */
export function quoted(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > MAX_QUOTED ? `${text.slice(0, MAX_QUOTED)}…` : text;
}
