import type { JSONWebKeySet, JWTVerifyGetKey } from 'jose';
import type { KeysEvent } from '../events/events.js';
import { joseCode } from './jose.js';
import { JwksError } from './jwks-error.js';
import { openKeySet } from './key-set.js';
import { type KeySet, KeysUnavailable } from './keys.js';

/** Periods in milliseconds, for tests to shorten. */
export interface JwksTiming {
  readonly refreshMs: number;
  readonly cooldownMs: number;
  readonly minBackoffMs: number;
  readonly maxBackoffMs: number;
  readonly timeoutMs: number;
}

const TIMING: JwksTiming = {
  refreshMs: 600_000, // rotation is announced by publishing the new key hours before it is used
  cooldownMs: 30_000, // strangers choose key ids: they must not choose how often we fetch
  minBackoffMs: 1000,
  maxBackoffMs: 60_000,
  timeoutMs: 4000, // a peer that waits for a fetch is answered before the handshake's own deadline
};

/** Gets a key set anew, within `timeoutMs`. Rejects with a JwksError. */
export type FetchKeySet = (timeoutMs: number, signal: AbortSignal) => Promise<JSONWebKeySet>;

/**
 * Keys that come from an endpoint and may change. The first fetch starts at once; a later failure keeps the last
 * good keys. A key id that is not in the set, or a signature that does not fit the key of that id (it may have been
 * replaced), causes at most one fetch per cool-down, however many tokens have one; the first after the start always does.
 */
export function remoteKeys(
  fetchSet: FetchKeySet,
  algorithms: readonly string[],
  emit: (event: KeysEvent) => void,
  timing: JwksTiming = TIMING,
): KeySet {
  const abort = new AbortController();
  let local: JWTVerifyGetKey | undefined;
  let fetching: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let failures = 0;
  let retryAt = 0;
  let missAt = Number.NEGATIVE_INFINITY;

  function refresh(): Promise<void> {
    fetching ??= fetchOnce().finally(() => {
      fetching = undefined;
    });
    return fetching;
  }

  async function fetchOnce(): Promise<void> {
    clearTimeout(timer);
    try {
      const set = await fetchSet(timing.timeoutMs, abort.signal);
      const opened = await openKeySet(set, algorithms);
      if (abort.signal.aborted) return;
      local = opened;
      emit({ kind: 'keys-fetched', set });
      if (failures > 0) emit({ kind: 'keys-recovered' });
      failures = 0;
    } catch (error) {
      if (abort.signal.aborted) return;
      const reason = reasonOf(error);
      if (failures++ === 0) emit({ kind: 'keys-failed', ...reason, stale: local !== undefined });
      else emit({ kind: 'keys-failed-again', code: reason.code });
    }
    if (abort.signal.aborted) return;
    const backoffMs = Math.min(timing.minBackoffMs * 2 ** (failures - 1), timing.maxBackoffMs);
    const waitMs = failures === 0 ? timing.refreshMs : backoffMs;
    retryAt = failures === 0 ? 0 : performance.now() + backoffMs;
    timer = setTimeout(() => void refresh(), waitMs);
  }

  /** After a token that the set has no key for, or whose signature does not fit. */
  async function refreshAfterMiss(): Promise<void> {
    if (fetching !== undefined) return fetching;
    const now = performance.now();
    if (now < retryAt || now < missAt + timing.cooldownMs) return;
    missAt = now;
    await refresh();
  }

  const find: JWTVerifyGetKey = async (header, token) => {
    if (local === undefined) await fetching;
    if (local === undefined) throw new KeysUnavailable();
    const before = local;
    try {
      return await before(header, token);
    } catch (error) {
      if (joseCode(error) !== 'ERR_JWKS_NO_MATCHING_KEY') throw error;
      await refreshAfterMiss();
      if (local === before) throw error;
      return local(header, token);
    }
  };

  function watch(): () => Promise<boolean> {
    const before = local;
    return async () => {
      if (local === before) await refreshAfterMiss();
      return local !== before;
    };
  }

  void refresh();
  return {
    kind: 'key-set',
    algorithms,
    find: Object.assign(find, { watch }),
    close() {
      abort.abort();
      clearTimeout(timer);
    },
  };
}

/** Code and detail; what is no JwksError says that jose cannot make a key set of it. */
function reasonOf(error: unknown): Pick<JwksError, 'code' | 'detail'> {
  const { code, detail } = error instanceof JwksError ? error : new JwksError('jwks-malformed');
  return detail === undefined ? { code } : { code, detail };
}
