import type { JSONWebKeySet } from 'jose';
import type { ListenerOptions, OwnValidation } from '../config/listener-options.js';
import type { KeysEvent } from '../events/events.js';
import type { VerifyingKeys } from '../keys/keys.js';
import { openKeys } from '../keys/open-keys.js';
import { createIdentify } from '../token/identify.js';
import type { Judges } from './judge-token.js';
import { onceFound, type Party } from './party.js';
import type { TrialSettings } from './settings.js';
import { failedFetch, fetchedKeys } from './shown-keys.js';
import type { KeySet } from './trial.js';

/** A set, or why there is none. */
type Fetched = { readonly kind: 'set'; readonly set: JSONWebKeySet } | (KeySet & { readonly kind: 'failed' });

/**
 * The keys and rules of a listener that has its own. Keys that come from an endpoint are fetched anew, and nothing is kept.
 * @throws ConfigurationError
 */
export async function ownJudges(
  validation: OwnValidation,
  options: ListenerOptions,
  { maxTokenBytes, keyRoute }: TrialSettings,
): Promise<Judges> {
  const { promise: fetched, resolve } = settledLater<Fetched>();
  const opened = openKeys(validation, (event) => reportFetch(event, resolve), undefined, keyRoute);
  if (opened.kind === 'anonymous') {
    const identify = createIdentify(opened, options);
    return { identify, at: new Date(), find: () => ({ checks: [] }), close: () => opened.close() };
  }
  const keySet = validation.kind === 'jwks' ? await shown(await fetched, opened.algorithms) : undefined;
  const keys = onceFound(opened);
  const at = new Date();
  const party: Party = { keys, expected: options, ...secretOf(validation), keySet: () => keySet };
  return {
    identify: createIdentify(keys, { ...options, currentDate: at, maxTokenBytes }),
    at,
    find: () => ({ checks: [], party }),
    close: () => opened.close(),
  };
}

function secretOf(validation: OwnValidation): Pick<Party, 'secret'> {
  if (validation.kind !== 'hs256') return {};
  const { secret: text, encoding = 'utf8' } = validation;
  return { secret: { text, encoding } };
}

async function shown(fetched: Fetched, algorithms: VerifyingKeys['algorithms']): Promise<KeySet> {
  if (fetched.kind === 'failed') return fetched;
  return fetchedKeys(fetched.set, algorithms);
}

/** Settles with the first fetch. */
function reportFetch(event: KeysEvent, resolve: (fetched: Fetched) => void): void {
  if (event.kind === 'keys-fetched') resolve({ kind: 'set', set: event.set });
  if (event.kind === 'keys-failed') resolve(failedFetch(event));
}

/** `Promise.withResolvers`, which Node 20 does not have. */
function settledLater<T>(): { readonly promise: Promise<T>; readonly resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => {};
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
