import type { JSONWebKeySet } from 'jose';
import { fetchJson, withinTime } from './fetch-json.js';
import { JwksError } from './jwks-error.js';
import { presentMembers } from './key-members.js';
import type { KeyRoute } from './key-request.js';

export { JWKS_ERRORS, JwksError, type JwksErrorCode } from './jwks-error.js';

/** Most keys accepted in a set: issuers publish a handful, and each one costs an import. */
const MAX_KEYS = 256;

/**
 * Fetches a JWK Set (RFC 7517 §5) with one GET. Redirects are not followed.
 * @param timeoutMs for the whole exchange
 * @throws JwksError
 */
export function fetchJwks(
  uri: string,
  timeoutMs: number,
  signal: AbortSignal,
  route: KeyRoute = {},
): Promise<JSONWebKeySet> {
  return withinTime(timeoutMs, signal, async (both) => asKeySet(await fetchJson(uri, both, route)));
}

/**
 * Takes JSON for a JWK Set, without what is no key and no member.
 * @throws JwksError
 */
export function asKeySet(json: unknown): JSONWebKeySet {
  if (typeof json !== 'object' || json === null || !('keys' in json) || !Array.isArray(json.keys)) {
    throw new JwksError('jwks-malformed');
  }
  if (json.keys.length > MAX_KEYS) throw new JwksError('jwks-too-large');
  // one member that is no object would make jose refuse the whole set
  const keys = json.keys.filter((key) => typeof key === 'object' && key !== null && !Array.isArray(key));
  return { keys: keys.map(presentMembers) };
}
