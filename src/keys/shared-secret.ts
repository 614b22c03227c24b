import { createSecretKey, webcrypto } from 'node:crypto';
import type { CryptoKey, JWTVerifyGetKey } from 'jose';
import { secretKeys } from '../config/secret.js';
import type { SecretEncoding } from '../config/secret-encoding.js';
import { loadJose } from './jose.js';
import type { SharedSecret } from './keys.js';
import { SeveralSecrets } from './several-secrets.js';

/**
 * The keys of a listener that shares a secret with its token issuer (HS256, RFC 7518 §3.2).
 * Imported once: jose verifies twice as fast with a CryptoKey as with raw bytes.
 * @throws ConfigurationError where the secret is not in that encoding
 */
export function sharedSecret(secret: string, encoding?: SecretEncoding): SharedSecret {
  const all = secretKeys(secret, encoding);
  const [signing, ...others] = all;
  loadJose().catch(() => {}); // ahead of the first visitor; who needs it meets the error
  return {
    kind: 'secret',
    algorithms: ['HS256'],
    secrets: all.map((bytes) => createSecretKey(bytes)),
    find: findAmong(importKey(signing), others.map(importKey)),
    close: () => {},
  };
}

function importKey(bytes: Uint8Array<ArrayBuffer>): Promise<CryptoKey> {
  return webcrypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['verify']);
}

function findAmong(key: Promise<CryptoKey>, others: readonly Promise<CryptoKey>[]): JWTVerifyGetKey {
  if (others.length === 0) return () => key;
  return () => {
    throw new SeveralSecrets([key, ...others]);
  };
}
