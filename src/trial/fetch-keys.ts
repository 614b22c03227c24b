import type { IssuerOptions } from '../config/issuer-options.js';
import { discoverKeys } from '../keys/discovery.js';
import { JwksError } from '../keys/jwks-error.js';
import { fetchJwks } from '../keys/jwks-fetch.js';
import type { KeyRoute } from '../keys/key-request.js';
import { failedFetch, fetchedKeys } from './shown-keys.js';
import type { KeysFetched } from './trial.js';

/** As long as a fetch of a running issuer may take, in milliseconds. */
const TIMEOUT_MS = 4000;

/**
 * Fetches an issuer's keys once, for somebody to look at: nothing is kept, and a running issuer does not notice.
 * @returns undefined where its keys come from nowhere
 */
export async function fetchKeys(
  { source, algorithms }: IssuerOptions,
  route: KeyRoute,
): Promise<KeysFetched | undefined> {
  const addresses: string[] = [];
  const watched = { ...route, asking: (uri: string) => addresses.push(uri) };
  const { signal } = new AbortController();
  const fetchSet = () => {
    if (source.kind === 'discovery') return discoverKeys(source, TIMEOUT_MS, signal, watched);
    return source.kind === 'jwks' ? fetchJwks(source.uri, TIMEOUT_MS, signal, watched) : undefined;
  };
  try {
    const set = await fetchSet();
    if (set === undefined) return undefined;
    return { addresses, keySet: await fetchedKeys(set, algorithms) };
  } catch (error) {
    if (!(error instanceof JwksError)) throw error;
    return { addresses, keySet: failedFetch(error) };
  }
}
