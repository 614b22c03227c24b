import { createHmac, type KeyObject, timingSafeEqual, verify } from 'node:crypto';
import type { JWTPayload, JWTVerifyOptions, ProtectedHeaderParameters } from 'jose';
import { type Jose, loadedJose } from '../keys/jose.js';
import type { VerifyingKeys } from '../keys/keys.js';
import type { KeyAtOnce } from '../keys/keys-at-once.js';

/** A header of an unsecured JWT (RFC 7519 §6.1), under which jose judges claims that are vouched for already. */
const UNSECURED = Buffer.from('{"alg":"none"}').toString('base64url');

/** Two integers of 32 bytes each (RFC 7518 §3.4). */
const ES256_BYTES = 64;

/**
 * Verifies a token of HS256, RS256 or ES256 (RFC 7518 §3.2 to §3.4) without the hop to the thread pool that WebCrypto makes
 * of each signature, and the turns that are waited for it: a good part of what a handshake costs. node:crypto checks the
 * signature; jose reads header and claims, and judges the claims. Of a key set, only a key serves that `kid` names beyond
 * doubt, and that is there already.
 *
 * It only ever says yes: whatever is not plainly good is undefined, and for jose as a whole to judge. So it is jose that
 * looks for newer keys, tries several of them, and says what is wrong.
 * @param token in compact form, spelled canonically
 */
export function verifyAtOnce(
  token: string,
  keys: VerifyingKeys,
  expected: JWTVerifyOptions,
): JWTPayload | undefined {
  const jose = loadedJose();
  if (jose === undefined || expected.typ !== undefined) return undefined;
  try {
    const { alg, kid, crit, b64 } = headerOf(jose, token);
    if (typeof alg !== 'string' || expected.algorithms?.includes(alg) !== true) return undefined;
    if (crit !== undefined || b64 !== undefined) return undefined;
    const signatureAt = token.lastIndexOf('.') + 1;
    const signed = token.slice(0, signatureAt - 1);
    const signature = Buffer.from(token.slice(signatureAt), 'base64url');
    if (!isSignedBy(keys, alg, kid, signed, signature)) return undefined;
    const claims = signed.slice(signed.indexOf('.') + 1);
    return jose.UnsecuredJWT.decode(`${UNSECURED}.${claims}.`, expected).payload;
  } catch {
    return undefined;
  }
}

/** The header that came last, as it was spelt and as it was read: all tokens of an issuer's key have the same. */
let last: { readonly text: string; readonly header: ProtectedHeaderParameters } | undefined;

function headerOf(jose: Jose, token: string): ProtectedHeaderParameters {
  const text = token.slice(0, token.indexOf('.'));
  if (last?.text !== text) {
    const header = jose.decodeProtectedHeader(token);
    last = { text: Buffer.from(text, 'latin1').toString('latin1'), header }; // a slice would keep the token
  }
  return last.header;
}

function isSignedBy(
  keys: VerifyingKeys,
  alg: string,
  kid: unknown,
  signed: string,
  signature: Buffer,
): boolean {
  if (keys.kind === 'secret') {
    return alg === 'HS256' && keys.secrets.some((secret) => hasMade(signature, secret, signed));
  }
  const key = typeof kid === 'string' ? keys.atOnce?.(kid) : undefined;
  return key !== undefined && key.alg === alg && hasSigned(signature, key, signed);
}

function hasMade(signature: Buffer, secret: KeyObject, signed: string): boolean {
  const mac = createHmac('sha256', secret).update(signed).digest();
  return signature.length === mac.length && timingSafeEqual(signature, mac);
}

function hasSigned(signature: Buffer, { alg, input }: KeyAtOnce, signed: string): boolean {
  if (alg === 'ES256' && signature.length !== ES256_BYTES) return false;
  return verify('sha256', Buffer.from(signed), input, signature);
}
