import type { JSONWebKeySet, JWK } from 'jose';
import type { ListenerOptions } from '../config/listener-options.js';
import type { KeysEvent } from '../events/events.js';
import { REJECTIONS } from '../handshake/rejection.js';
import type { KeyRoute } from '../keys/key-request.js';
import type { Keys } from '../keys/keys.js';
import { openKeys } from '../keys/open-keys.js';
import { sessionOf } from '../sessions/session.js';
import { createIdentify, type IdentifyOptions } from '../token/identify.js';
import { withSessionClaims } from '../token/session-claims.js';
import { TokenRefused } from '../token/token-refused.js';
import { quoted } from './check-results.js';
import { DEFAULT_HEAD, headFit, type RequestHead } from './request-head.js';
import { explainToken } from './token-checks.js';
import type { KeySet, PublishedKey, Trial, Verdict } from './trial.js';

/** What every listener of a runtime shares, and what else stands in a request. */
export interface TrialSettings {
  /** As for the handshake. */
  readonly maxTokenBytes?: number | undefined;
  readonly keyRoute?: KeyRoute | undefined;
  /** How much of a request Node reads beside the token. */
  readonly head?: RequestHead | undefined;
}

/** What a verdict depends on beside the keys. */
interface Judged extends IdentifyOptions, Pick<ListenerOptions, 'scope' | 'sessionClaims'> {
  readonly head: RequestHead;
}

/**
 * Says what a listener with these options would do with a token. The verdict is that of the handshake's own function;
 * the checks beside it say why. Keys that come from an endpoint are fetched anew, and nothing is kept.
 */
export async function tryToken(
  token: string,
  options: ListenerOptions,
  { maxTokenBytes, keyRoute, head = DEFAULT_HEAD }: TrialSettings = {},
): Promise<Trial> {
  const { promise: fetched, resolve } = settledLater<KeySet>();
  const report = (event: KeysEvent) => reportFetch(event, resolve);
  const opened = openKeys(options.validation, report, undefined, keyRoute);
  try {
    const keySet = options.validation.kind === 'jwks' ? await fetched : undefined;
    const keys = onceFound(opened);
    const currentDate = new Date();
    const judged = { ...options, currentDate, maxTokenBytes, head };
    return {
      verdict: await verdictOn(token, keys, judged),
      at: Math.floor(currentDate.getTime() / 1000),
      ...(keys.kind === 'anonymous' ? { checks: [] } : await explainToken(token, { ...judged, keys })),
      ...(keySet === undefined ? {} : { keySet }),
    };
  } finally {
    opened.close();
  }
}

async function verdictOn(token: string, keys: Keys, options: Judged): Promise<Verdict> {
  const { head, scope, sessionClaims } = options;
  const identify = createIdentify(keys, options);
  if (identify.kind === 'token' && headFit(token, head) === 'over') {
    return { kind: 'refused', code: 'head_too_large', status: 431 };
  }
  try {
    const identity = identify.kind === 'anonymous' ? identify.identity : await identify.verify(token);
    const told = withSessionClaims(identity, sessionClaims);
    return { kind: 'accepted', session: { ...sessionOf(told, '…', scope) } };
  } catch (error) {
    if (!(error instanceof TokenRefused)) throw error;
    const { code, because } = error;
    const refused = { kind: 'refused', code, status: REJECTIONS[code].status } as const;
    return because === undefined ? refused : { ...refused, because };
  }
}

/** Settles with the first fetch. */
function reportFetch(event: KeysEvent, resolve: (keySet: KeySet) => void): void {
  if (event.kind === 'keys-fetched') resolve({ kind: 'fetched', keys: published(event.set) });
  if (event.kind === 'keys-failed') {
    const { code, detail } = event;
    resolve({ kind: 'failed', code, ...(detail === undefined ? {} : { detail }) });
  }
}

/** The same keys for verdict and explanation, whatever the endpoint does in between. */
function onceFound(keys: Keys): Keys {
  if (keys.kind === 'anonymous') return keys;
  let found: ReturnType<typeof keys.find> | undefined;
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
