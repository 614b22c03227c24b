import { ConfigurationError } from '../config/codes.js';
import type { Validation } from '../config/listener-options.js';
import type { KeysEvent } from '../events/events.js';
import { type JwksTiming, jwks } from './jwks.js';
import type { KeyRoute } from './key-request.js';
import type { Keys } from './keys.js';
import { sharedSecret } from './shared-secret.js';

/**
 * Makes the keys that a configuration asks for. An endpoint is asked at once.
 * @throws ConfigurationError where the keys are those of issuers, or there are none because a function decides: neither has a
 * place here
 */
export function openKeys(
  validation: Validation,
  emit: (event: KeysEvent) => void,
  timing?: JwksTiming,
  route?: KeyRoute,
): Keys {
  switch (validation.kind) {
    case 'none':
      return { kind: 'anonymous', close: () => {} };
    case 'hs256':
      return sharedSecret(validation.secret, validation.encoding);
    case 'issuers':
      throw new ConfigurationError('issuer-broken');
    case 'function':
      throw new ConfigurationError('verify-function');
    case 'jwks':
      return jwks(validation.uri, emit, timing, route);
  }
}
