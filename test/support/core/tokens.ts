import { createHmac } from 'node:crypto';
import { loadJose } from '../../../src/keys/jose.js';

export const SECRET = 'a test secret that is long enough!';
export const OTHER_SECRET = 'another test secret, long enough too';

export type Claims = Record<string, unknown>;

/** Seconds since the epoch, `offset` from now. */
export function seconds(offset = 0): number {
  return Math.floor(Date.now() / 1000) + offset;
}

export const CLAIMS: Claims = { sub: 'ann', tenant_id: 'acme' };

/** An HS256 token, made by hand: headers and claims as broken as a test wants them. */
export function token(
  claims: Claims | string = { ...CLAIMS, exp: seconds(600) },
  { secret = SECRET, header = {} }: { secret?: string; header?: Claims } = {},
): string {
  const input = `${part({ alg: 'HS256', typ: 'JWT', ...header })}.${part(claims)}`;
  return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`;
}

/** One part of a compact JWS: an object as JSON, a string as it is. */
export function part(value: Claims | string): string {
  return Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
}

/** A key pair for RS256 or ES256, and how to sign with it. */
export interface Signer {
  readonly jwk: Record<string, unknown>;
  sign(claims?: Claims, header?: Claims): Promise<string>;
}

export async function signer(alg: 'RS256' | 'ES256', kid: string | undefined): Promise<Signer> {
  const { exportJWK, generateKeyPair, SignJWT } = await loadJose();
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
  const named = kid === undefined ? {} : { kid };
  return {
    jwk: { ...(await exportJWK(publicKey)), ...named, alg, use: 'sig' },
    sign: (claims = { ...CLAIMS, exp: seconds(600) }, header = {}) =>
      new SignJWT(claims).setProtectedHeader({ alg, ...named, ...header }).sign(privateKey),
  };
}
