import { createHmac, type KeyObject, timingSafeEqual } from 'node:crypto';
import type { JWTPayload, JWTVerifyOptions } from 'jose';
import { loadedJose } from '../keys/jose.js';

/** A header of an unsecured JWT (RFC 7519 §6.1), under which jose judges claims that are vouched for already. */
const UNSECURED = Buffer.from('{"alg":"none"}').toString('base64url');

/**
 * Verifies an HS256 token (RFC 7518 §3.2) without the hop to the thread pool that WebCrypto makes of each MAC, which is
 * most of what a handshake costs. node:crypto computes the MAC; jose reads header and claims, and judges the claims.
 * It only ever says yes: whatever is not plainly good is undefined, and for jose as a whole to judge.
 * @param token in compact form, spelled canonically
 */
export function verifyAtOnce(
  token: string,
  secrets: readonly KeyObject[],
  expected: JWTVerifyOptions,
): JWTPayload | undefined {
  const jose = loadedJose();
  if (jose === undefined || expected.typ !== undefined) return undefined;
  if (expected.algorithms?.includes('HS256') !== true) return undefined;
  const claimsAt = token.indexOf('.') + 1;
  const signatureAt = token.lastIndexOf('.') + 1;
  const signature = Buffer.from(token.slice(signatureAt), 'base64url');
  const signed = token.slice(0, signatureAt - 1);
  if (!secrets.some((secret) => hasMade(signature, secret, signed))) return undefined;
  try {
    const { alg, crit } = jose.decodeProtectedHeader(token);
    if (alg !== 'HS256' || crit !== undefined) return undefined;
    const claims = token.slice(claimsAt, signatureAt - 1);
    return jose.UnsecuredJWT.decode(`${UNSECURED}.${claims}.`, expected).payload;
  } catch {
    return undefined;
  }
}

function hasMade(signature: Buffer, secret: KeyObject, signed: string): boolean {
  const mac = createHmac('sha256', secret).update(signed).digest();
  return signature.length === mac.length && timingSafeEqual(signature, mac);
}
