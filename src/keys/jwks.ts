import type { KeysEvent } from '../events/events.js';
import { fetchJwks } from './jwks-fetch.js';
import type { KeyRoute } from './key-request.js';
import type { KeySet } from './keys.js';
import { type JwksTiming, remoteKeys } from './remote-keys.js';

export type { JwksTiming };

/** What a listener accepts that has an endpoint of its own. */
const ALGORITHMS = ['RS256', 'ES256'];

/** Keys from a JWKS endpoint (RFC 7517), RS256 or ES256, unless `algorithms` says otherwise. */
export function jwks(
  uri: string,
  emit: (event: KeysEvent) => void,
  timing?: JwksTiming,
  route: KeyRoute = {},
  algorithms: readonly string[] = ALGORITHMS,
): KeySet {
  return remoteKeys(
    (timeoutMs, signal) => fetchJwks(uri, timeoutMs, signal, route),
    algorithms,
    emit,
    timing,
  );
}
