import { createHmac, createPrivateKey, sign } from 'node:crypto';
import type { Algorithm } from '../peers/peer-spec.js';

/** How tokens are made. */
export interface SigningKey {
  readonly algorithm: Algorithm;
  readonly secret: string;
  /** The private key; unused for HS256. */
  readonly jwk: Record<string, unknown>;
}

/** A token that lives for an hour, each with a subject of its own. */
export function createTokens(key: SigningKey): (tenant: string) => string {
  const signature = signatureOf(key);
  const header = part({ alg: key.algorithm, typ: 'JWT', kid: key.jwk.kid });
  let made = 0;
  return (tenant) => {
    const now = Math.floor(Date.now() / 1000);
    const claims = { sub: `user-${made++}`, tenant_id: tenant, iat: now, exp: now + 3600 };
    const input = `${header}.${part(claims)}`;
    return `${input}.${signature(input)}`;
  };
}

function signatureOf({ algorithm, secret, jwk }: SigningKey): (input: string) => string {
  if (algorithm === 'HS256') {
    return (input) => createHmac('sha256', secret).update(input).digest('base64url');
  }
  const key = createPrivateKey({ key: jwk, format: 'jwk' });
  const options = algorithm === 'ES256' ? { key, dsaEncoding: 'ieee-p1363' as const } : { key };
  return (input) => sign('sha256', Buffer.from(input), options).toString('base64url');
}

function part(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
