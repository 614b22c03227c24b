import type { JSONWebKeySet, JWK } from 'jose';
import type { ListenerOptions, RoutingScope, Validation } from '../config/listener-options.js';
import { Rejection } from '../handshake/rejection.js';
import { jwks } from '../keys/jwks.js';
import { type Keys, sharedSecret } from '../keys/keys.js';
import { sessionOf } from '../sessions/session.js';
import { createVerifyClient, type VerifyClientOptions } from '../token/verify-token.js';
import { quoted } from './check-results.js';
import { explainToken } from './token-checks.js';
import type { KeySet, PublishedKey, Trial, Verdict } from './trial.js';

/**
 * Says what a listener with these options would do with a token. The verdict is that of the handshake's own function;
 * the checks beside it say why. Keys that come from an endpoint are fetched anew, and nothing is kept.
 * @param maxTokenBytes as for the handshake
 */
export async function tryToken(
  token: string,
  options: ListenerOptions,
  maxTokenBytes?: number,
): Promise<Trial> {
  const source = keysOf(options.validation);
  try {
    const keySet = await source.keySet;
    const keys = source.keys === null ? null : onceFound(source.keys);
    const currentDate = new Date();
    const judged = { ...options, currentDate, ...(maxTokenBytes === undefined ? {} : { maxTokenBytes }) };
    return {
      verdict: await verdictOn(token, { ...judged, keys }, options.scope),
      at: Math.floor(currentDate.getTime() / 1000),
      ...(keys === null ? { checks: [] } : await explainToken(token, { ...judged, keys })),
      ...(keySet === undefined ? {} : { keySet }),
    };
  } finally {
    source.keys?.close();
  }
}

async function verdictOn(token: string, options: VerifyClientOptions, scope: RoutingScope): Promise<Verdict> {
  try {
    const identity = await createVerifyClient(options)(`/?${new URLSearchParams({ token })}`);
    return { kind: 'accepted', session: { ...sessionOf(identity, '…', scope) } };
  } catch (error) {
    if (!(error instanceof Rejection)) throw error;
    return { kind: 'refused', code: error.code, status: error.status };
  }
}

interface KeySource {
  readonly keys: Keys | null;
  /** Settles when the first fetch has. */
  readonly keySet: Promise<KeySet> | undefined;
}

function keysOf(validation: Validation): KeySource {
  switch (validation.kind) {
    case 'none':
      return { keys: null, keySet: undefined };
    case 'hs256':
      return { keys: sharedSecret(validation.secret), keySet: undefined };
    case 'jwks': {
      const { promise, resolve } = settledLater<KeySet>();
      const keys = jwks(validation.uri, {
        failed: (code) => resolve({ kind: 'failed', code }),
        recovered: () => {},
        fetched: (set) => resolve({ kind: 'fetched', keys: published(set) }),
      });
      return { keys, keySet: promise };
    }
  }
}

/** The same keys for verdict and explanation, whatever the endpoint does in between. */
function onceFound(keys: Keys): Keys {
  let found: ReturnType<Keys['find']> | undefined;
  return {
    ...keys,
    find: (header, token) => {
      found ??= keys.find(header, token);
      return found;
    },
  };
}

function published({ keys }: JSONWebKeySet): PublishedKey[] {
  return keys.map((key) => ({ ...named(key, 'kid'), ...named(key, 'alg'), ...named(key, 'kty') }));
}

function named(key: JWK, member: 'kid' | 'alg' | 'kty'): PublishedKey {
  const value: unknown = key[member];
  return value === undefined ? {} : { [member]: quoted(value) };
}

/** `Promise.withResolvers`, which Node 20 does not have. */
function settledLater<T>(): { readonly promise: Promise<T>; readonly resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => {};
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
