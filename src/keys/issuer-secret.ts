import { createSecretKey, type KeyObject } from 'node:crypto';
import { ConfigurationError } from '../config/codes.js';
import type { IssuerKeysSource } from '../config/issuer-options.js';
import { decodeSecret, type SecretEncoding } from '../config/secret-encoding.js';
import { loadJose } from './jose.js';
import type { SharedSecret } from './keys.js';
import { SeveralSecrets } from './several-secrets.js';

type SecretSource = Extract<IssuerKeysSource, { readonly kind: 'secret' }>;

/**
 * The secret of an issuer, and the one before it for as long as that is accepted.
 * @throws ConfigurationError where a secret is not in its encoding
 */
export function issuerSecret(source: SecretSource, algorithms: readonly string[]): SharedSecret {
  const { encoding, previous } = source;
  const now = [keyOf(source.secret, encoding)];
  const both = previous === undefined ? now : [...now, keyOf(previous.secret, encoding)];
  const untilMs = previous?.untilMs ?? 0;
  const secrets = () => (Date.now() < untilMs ? both : now);
  loadJose().catch(() => {}); // ahead of the first visitor; who needs it meets the error
  return {
    kind: 'secret',
    algorithms,
    get secrets() {
      return secrets();
    },
    find: () => {
      const [key, ...others] = secrets();
      if (key === undefined || others.length > 0) throw new SeveralSecrets(secrets());
      return key;
    },
    close: () => {},
  };
}

function keyOf(secret: string, encoding: SecretEncoding): KeyObject {
  const bytes = decodeSecret(secret.trim(), encoding);
  if (bytes === undefined) throw new ConfigurationError('secret-encoding');
  return createSecretKey(bytes);
}
