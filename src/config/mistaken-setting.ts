import { MIN_SECRET_BYTES } from './secret.js';
import { decodeSecret, type SecretEncoding } from './secret-encoding.js';

/** The usual places of an issuer's document (OpenID Connect Discovery 1.0 §4, RFC 8414 §3). */
const DOCUMENT = /\/\.well-known\/(?:openid-configuration|oauth-authorization-server)(?=[/?#]|$)/;

/** Whether an address is that of an issuer's document, which is no key set and no issuer. */
export function isDiscoveryUrl(address: string): boolean {
  return DOCUMENT.test(address);
}

/** The issuer whose document has this address. */
export function issuerOfDocument(address: string): string {
  return address
    .trim()
    .replace(DOCUMENT, '')
    .replace(/[?#].*$/, '');
}

/**
 * Says in which encoding a secret seems to be written that is taken for plain text; undefined where nothing gives it away.
 * Base64url is not told from the random text that other secrets are.
 */
export function seemingEncoding(secret: string): SecretEncoding | undefined {
  const text = secret.trim();
  const isLong = (encoding: SecretEncoding) =>
    (decodeSecret(text, encoding)?.length ?? 0) >= MIN_SECRET_BYTES;
  if (isLong('hex')) return 'hex';
  return /[+/=]/.test(text) && text.length % 4 === 0 && isLong('base64') ? 'base64' : undefined;
}

/** Whether there is white space around a setting: much of it is invisible. */
export function hasSpaceAround(text: string): boolean {
  return text !== text.trim();
}
