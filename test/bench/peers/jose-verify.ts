import { webcrypto } from 'node:crypto';
import type { CryptoKey, JWTVerifyGetKey } from 'jose';
import { loadJose } from '../../../src/keys/jose.js';
import type { VerificationKeys } from './peer-spec.js';

/** A login as one would write it with jose: the target of an upgrade request to the tenant that its token names. */
export function createVerify(keys: VerificationKeys): (target: string) => Promise<string> {
  const { algorithm } = keys;
  const found = keyOf(keys);
  return async (target) => {
    const { jwtVerify } = await loadJose();
    const token = new URLSearchParams(target.slice(target.indexOf('?') + 1)).get('token') ?? '';
    const key = (await found) as CryptoKey & JWTVerifyGetKey; // jwtVerify has an overload for each
    const { payload } = await jwtVerify(token, key, { algorithms: [algorithm] });
    return String(payload.tenant_id);
  };
}

/** The faster form of each: a secret that is imported once, a key set that is at hand. */
async function keyOf({ algorithm, secret, jwks }: VerificationKeys): Promise<CryptoKey | JWTVerifyGetKey> {
  if (algorithm !== 'HS256') return (await loadJose()).createLocalJWKSet({ keys: [...jwks.keys] });
  const hmac = { name: 'HMAC', hash: 'SHA-256' };
  return webcrypto.subtle.importKey('raw', new TextEncoder().encode(secret), hmac, false, ['verify']);
}
