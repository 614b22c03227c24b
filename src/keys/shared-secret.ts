import { webcrypto } from 'node:crypto';
import type { VerifyingKeys } from './keys.js';

/**
 * The keys of a listener that shares a secret with its token issuer (HS256, RFC 7518 §3.2).
 * Imported once: jose verifies twice as fast with a CryptoKey as with raw bytes.
 */
export function sharedSecret(secret: string): VerifyingKeys {
  const bytes = new TextEncoder().encode(secret);
  const key = webcrypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['verify']);
  return { kind: 'secret', algorithms: ['HS256'], find: () => key, close: () => {} };
}
