import { generateKeyPair, type JsonWebKey, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';

/** A private key as a provider keeps it. */
export type SigningKey = JsonWebKey & { readonly kid: string; readonly use: 'sig' };

/** Makes a key that is good for RS and PS, for ES256, or for EdDSA. */
export async function signingKey(kid: string, kty: 'RSA' | 'EC' | 'OKP' = 'RSA'): Promise<SigningKey> {
  return { ...(await privateKey(kty)), kid, use: 'sig' };
}

async function privateKey(kty: 'RSA' | 'EC' | 'OKP'): Promise<JsonWebKey> {
  switch (kty) {
    case 'RSA':
      return jwkOf(await promisify(generateKeyPair)('rsa', { modulusLength: 2048 }));
    case 'EC':
      return jwkOf(await promisify(generateKeyPair)('ec', { namedCurve: 'P-256' }));
    case 'OKP':
      return jwkOf(await promisify(generateKeyPair)('ed25519'));
  }
}

function jwkOf({ privateKey }: { readonly privateKey: KeyObject }): JsonWebKey {
  return privateKey.export({ format: 'jwk' });
}
