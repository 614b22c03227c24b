import { webcrypto } from 'node:crypto';
import type { JWTVerifyGetKey } from 'jose';

/** The keys that decide for one listener, with the only algorithms they are good for. */
export interface Keys {
  /** RFC 8725 §3.1: what a token's header says never widens this list. */
  readonly algorithms: readonly string[];
  /** Finds the key for a token. Rejects with KeysUnavailable while there is no key at all. */
  readonly find: JWTVerifyGetKey;
  /** Lets go of timers and requests. */
  close(): void;
}

/** There is nothing to verify with: no key set was ever fetched. */
export class KeysUnavailable extends Error {
  readonly code = 'keys_unavailable';

  constructor() {
    super('no key set has been fetched yet');
    this.name = 'KeysUnavailable';
  }
}

/**
 * The keys of a listener that shares a secret with its token issuer (HS256, RFC 7518 §3.2).
 * Imported once: jose verifies twice as fast with a CryptoKey as with raw bytes.
 */
export function sharedSecret(secret: string): Keys {
  const bytes = new TextEncoder().encode(secret);
  const key = webcrypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['verify']);
  return { algorithms: ['HS256'], find: () => key, close: () => {} };
}
