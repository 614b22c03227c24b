import { TokenRefused } from './token-refused.js';

/** Longest token accepted, in bytes: Node limits a whole request head to 16 KiB. */
export const DEFAULT_MAX_TOKEN_BYTES = 8192;

const COMPACT_JWS = /^[\w-]+\.[\w-]+\.[\w-]+$/;

/** RFC 4648 §3.5: the unused bits of a last character are zero, else one token has several spellings. */
const CANONICAL_JWS = /^(?:(?:[\w-]{4})*(?:[\w-][AQgw]|[\w-]{2}[AEIMQUYcgkosw048])?(?:\.|$)){3}$/;

/** What keeps a text from being a token at all. */
export const FORM_PROBLEMS = ['missing', 'too-long', 'not-compact', 'not-canonical'] as const;

export type FormProblem = (typeof FORM_PROBLEMS)[number];

/** Says what keeps `token` from being a JWS in compact form (RFC 7515 §7.1), spelled canonically; or undefined. */
export function formProblem(token: string, maxBytes: number): FormProblem | undefined {
  if (token === '') return 'missing';
  if (token.length > maxBytes) return 'too-long';
  if (!COMPACT_JWS.test(token)) return 'not-compact';
  return CANONICAL_JWS.test(token) ? undefined : 'not-canonical';
}

/** The refusal that a problem of form leads to. */
export function refusedForm(problem: FormProblem): TokenRefused {
  if (problem === 'missing') return new TokenRefused('token_missing');
  return new TokenRefused('token_invalid', { cause: problem === 'too-long' ? 'too-long' : 'form' });
}
