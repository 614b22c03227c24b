import type { ConfigurationProblem } from './codes.js';

/** The members of a JWK that nobody else may know (RFC 7518 §6.2.2, §6.3.2, §6.4). */
const PRIVATE_MEMBER = /["'](?:d|k|p|q|dp|dq|qi|oth)["']\s*:/;

/** A public key as it was meant: without what copying puts around it, and with the line breaks that JSON escaped. */
export function plainPublicKey(text: string): string {
  return text
    .replaceAll('\\r', '')
    .replaceAll('\\n', '\n')
    .replace(/^\uFEFF/, '')
    .trim();
}

/** Says what is wrong with a public key, as far as its text tells, or undefined. */
export function publicKeyProblem(text: string): ConfigurationProblem | undefined {
  const key = plainPublicKey(text);
  if (/PRIVATE KEY/.test(key)) return 'public-key-private';
  if (key.startsWith('{')) return PRIVATE_MEMBER.test(key) ? 'public-key-private' : undefined;
  return key.startsWith('-----BEGIN ') ? undefined : 'public-key';
}
