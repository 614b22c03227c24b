import { ConfigurationError } from '../config/codes.js';
import type { Validation } from '../config/listener-options.js';
import type { KeysEvent } from '../events/events.js';
import type { Issuer } from '../keys/issuer.js';
import type { JwksTiming } from '../keys/jwks.js';
import type { KeyRoute } from '../keys/key-request.js';
import { openKeys } from '../keys/open-keys.js';
import { createIdentify, type Identify } from '../token/identify.js';
import type { Expected } from '../token/rules/rules.js';
import { createVerifyIssued } from '../token/verify-issued.js';

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
