import type { IssuerOptions } from '../config/issuer-options.js';
import type { KeysEvent } from '../events/events.js';
import { discoverKeys } from './discovery.js';
import { issuerSecret } from './issuer-secret.js';
import { fetchJwks } from './jwks-fetch.js';
import type { KeyRoute } from './key-request.js';
import type { VerifyingKeys } from './keys.js';
import { functionKeys, type KeysFunctions } from './keys-function.js';
import { type JwksTiming, remoteKeys } from './remote-keys.js';
import { staticKey } from './static-key.js';

/** One party that signs tokens, with its keys. All listeners that name it share them. */
export interface Issuer {
  readonly id: string;
  readonly options: IssuerOptions;
  /** @param path the listener's: the user's own function is told */
  keysFor(path: string): VerifyingKeys;
  /** Tells what happens to keys that come from an endpoint, beginning with the last good fetch and a failure that lasts. @returns stops */
  observe(observer: (event: KeysEvent) => void): () => void;
  /** Lets go of timers and requests. */
  close(): void;
}

export interface IssuerSettings {
  readonly route?: KeyRoute | undefined;
  /** `websocketPlusKeys` of settings.js. */
  readonly functions?: KeysFunctions | undefined;
  /** For tests to shorten. */
  readonly timing?: JwksTiming | undefined;
}

/**
 * Makes an issuer's keys. An endpoint is asked at once.
 * @throws ConfigurationError
 */
export function openIssuer(id: string, options: IssuerOptions, settings: IssuerSettings = {}): Issuer {
  const observers = new Set<(event: KeysEvent) => void>();
  let fetched: KeysEvent | undefined;
  let failure: KeysEvent | undefined;
  const emit = (event: KeysEvent) => {
    const own = { ...event, issuer: id };
    const later = { ...own, toldAgain: Date.now() };
    if (event.kind === 'keys-failed') failure = later;
    if (event.kind === 'keys-fetched') {
      fetched = later;
      failure = undefined;
    }
    for (const observer of [...observers]) observer(own);
  };
  const { keysFor, close } = openSource(options, settings, emit);
  return {
    id,
    options,
    keysFor,
    observe(observer) {
      observers.add(observer);
      for (const event of [fetched, failure]) if (event !== undefined) observer(event);
      return () => observers.delete(observer);
    },
    close() {
      observers.clear();
      close();
    },
  };
}

function openSource(
  { source, algorithms }: IssuerOptions,
  { route, functions, timing }: IssuerSettings,
  emit: (event: KeysEvent) => void,
): Pick<Issuer, 'keysFor' | 'close'> {
  switch (source.kind) {
    case 'discovery':
      return shared(
        remoteKeys((ms, signal) => discoverKeys(source, ms, signal, route), algorithms, emit, timing),
      );
    case 'jwks':
      return shared(
        remoteKeys((ms, signal) => fetchJwks(source.uri, ms, signal, route), algorithms, emit, timing),
      );
    case 'static':
      return shared(staticKey(source.publicKey, algorithms));
    case 'secret':
      return shared(issuerSecret(source, algorithms));
    case 'function':
      return { keysFor: functionKeys(source.name, functions, algorithms), close: () => {} };
  }
}

function shared(keys: VerifyingKeys): Pick<Issuer, 'keysFor' | 'close'> {
  return { keysFor: () => keys, close: () => keys.close() };
}
