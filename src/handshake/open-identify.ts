import { ConfigurationError } from '../config/codes.js';
import type { Validation } from '../config/listener-options.js';
import type { KeysEvent } from '../events/events.js';
import type { Issuer } from '../keys/issuer.js';
import type { JwksTiming } from '../keys/jwks.js';
import type { KeyRoute } from '../keys/key-request.js';
import { openKeys } from '../keys/open-keys.js';
import { createIdentify, type Identify as IdentifyByToken } from '../token/identify.js';
import type { Expected } from '../token/rules/rules.js';
import { createVerifyIssued } from '../token/verify-issued.js';
import { type VerifyFunctions, type VerifyProof, verifyByFunction } from './verify-function.js';

/** How a listener knows who a peer is. */
export type Identify =
  | IdentifyByToken
  /** By whatever the user's own function looks at. */
  | { readonly kind: 'function'; readonly verify: VerifyProof };

export interface IdentifyingOptions extends Expected {
  readonly validation: Validation;
  /** The listener's path. */
  readonly path: string;
}

/** What proofs are checked with; sizes in bytes. */
export interface IdentifyingSettings {
  readonly maxTokenBytes: number;
  /** How keys that come from an endpoint are reached. */
  readonly keyRoute?: KeyRoute | undefined;
  /** For tests to shorten. */
  readonly jwksTiming?: JwksTiming | undefined;
  /** Finds an issuer by its id; undefined where there is none that works. */
  readonly issuerOf?: ((id: string) => Issuer | undefined) | undefined;
  /** `websocketPlusVerify` of settings.js. */
  readonly verifyFunctions?: VerifyFunctions | undefined;
  /** Proxies in front of the server, whose word for a peer's address and the host asked for counts. */
  readonly trustProxy: number;
}

/** How a listener knows its peers, and how to let go of what that needs. */
export interface OpenIdentify {
  readonly identify: Identify;
  close(): void;
}

/**
 * Makes what a configuration asks for. Keys of the listener's own begin to be fetched; issuers fetch theirs themselves.
 * @throws ConfigurationError
 */
export function openIdentify(
  options: IdentifyingOptions,
  settings: IdentifyingSettings,
  emit: (event: KeysEvent) => void,
): OpenIdentify {
  const { validation } = options;
  const { maxTokenBytes, jwksTiming, keyRoute } = settings;
  if (validation.kind === 'issuers') return openIssued(validation.ids, options, settings, emit);
  if (validation.kind === 'function') {
    const verify = verifyByFunction(validation.name, settings.verifyFunctions, { ...options, ...settings });
    return { identify: { kind: 'function', verify }, close: () => {} };
  }
  const keys = openKeys(validation, emit, jwksTiming, keyRoute);
  return { identify: createIdentify(keys, { ...options, maxTokenBytes }), close: () => keys.close() };
}

function openIssued(
  ids: readonly string[],
  { tenant, path }: IdentifyingOptions,
  { issuerOf, maxTokenBytes }: IdentifyingSettings,
  emit: (event: KeysEvent) => void,
): OpenIdentify {
  const issuers = ids.map((id) => {
    const issuer = issuerOf?.(id);
    if (issuer === undefined) throw new ConfigurationError('issuer-broken');
    return issuer;
  });
  const verify = createVerifyIssued(issuers, { tenant, path, maxTokenBytes });
  const stops = issuers.map((issuer) => issuer.observe(emit));
  return {
    identify: { kind: 'token', verify },
    close() {
      for (const stop of stops) stop();
    },
  };
}
