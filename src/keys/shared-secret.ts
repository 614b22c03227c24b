import { createSecretKey, webcrypto } from 'node:crypto';
import { loadJose } from './jose.js';
import type { SharedSecret } from './keys.js';

/**
 * The keys of a listener that shares a secret with its token issuer (HS256, RFC 7518 §3.2).
 * Imported once: jose verifies twice as fast with a CryptoKey as with raw bytes.
 */
export function sharedSecret(text: string): SharedSecret {
  const bytes = new TextEncoder().encode(text);
  const key = webcrypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['verify']);
  loadJose().catch(() => {}); // ahead of the first visitor; who needs it meets the error
  return {
    kind: 'secret',
    algorithms: ['HS256'],
    secret: createSecretKey(bytes),
    find: () => key,
    close: () => {},
  };
}
