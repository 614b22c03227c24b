import { Rejection } from '../handshake/rejection.js';

/** Longest token accepted, in bytes: Node limits a whole request head to 16 KiB. */
export const DEFAULT_MAX_TOKEN_BYTES = 8192;

const COMPACT_JWS = /^[\w-]+\.[\w-]+\.[\w-]+$/;

/** RFC 4648 §3.5: the unused bits of a last character are zero, else one token has several spellings. */
const CANONICAL_JWS = /^(?:(?:[\w-]{4})*(?:[\w-][AQgw]|[\w-]{2}[AEIMQUYcgkosw048])?(?:\.|$)){3}$/;

/** What keeps a text from being a token at all. */
export type TokenProblem = 'missing' | 'too-long' | 'not-compact' | 'not-canonical';

/**
 * Takes the token out of an upgrade request's target: the query parameter `token`, exactly once.
 * @param target the request line's target (RFC 9112 §3.2), as received
 * @throws Rejection `token_missing` where there is none or an empty one; `token_invalid` where there are several, it is
 * longer than `maxBytes`, or it is not a JWS in compact form (RFC 7515 §7.1) spelled canonically
 */
export function readToken(target: string, maxBytes: number = DEFAULT_MAX_TOKEN_BYTES): string {
  const query = target.indexOf('?');
  const tokens = query === -1 ? [] : new URLSearchParams(target.slice(query + 1)).getAll('token');
  const [token] = tokens;
  if (tokens.length > 1) throw new Rejection('token_invalid');
  const problem = tokenProblem(token ?? '', maxBytes);
  if (problem === 'missing') throw new Rejection('token_missing');
  if (token === undefined || problem !== undefined) throw new Rejection('token_invalid');
  return token;
}

/** Says what keeps `token` from being a JWS in compact form (RFC 7515 §7.1), spelled canonically; or undefined. */
export function tokenProblem(
  token: string,
  maxBytes: number = DEFAULT_MAX_TOKEN_BYTES,
): TokenProblem | undefined {
  if (token === '') return 'missing';
  if (token.length > maxBytes) return 'too-long';
  if (!COMPACT_JWS.test(token)) return 'not-compact';
  return CANONICAL_JWS.test(token) ? undefined : 'not-canonical';
}
