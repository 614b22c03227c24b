import { createHmac, timingSafeEqual } from 'node:crypto';
import { decodeSecret, SECRET_ENCODINGS, type SecretEncoding } from '../config/secret-encoding.js';
import type { WrittenSecret } from './party.js';

/** What became of a secret on the other side. */
export type SecretMistake =
  | { readonly kind: 'encoding'; readonly encoding: SecretEncoding }
  /** A line break is a part of it: it was read from a file. */
  | { readonly kind: 'newline' };

/** RFC 7518 §3.2. */
const HASHES: ReadonlyMap<unknown, string> = new Map([
  ['HS256', 'sha256'],
  ['HS384', 'sha384'],
  ['HS512', 'sha512'],
]);

/** Finds out which other reading of a secret has made a token whose signature does not fit; undefined where none has. */
export function guessSecret(token: string, alg: unknown, secret: WrittenSecret): SecretMistake | undefined {
  const hash = HASHES.get(alg);
  if (hash === undefined) return undefined;
  const text = secret.text.trim();
  const hasMade = (bytes: Uint8Array | undefined) => bytes !== undefined && isMadeWith(bytes, hash, token);
  const encoding = SECRET_ENCODINGS.find(
    (one) => one !== secret.encoding && hasMade(decodeSecret(text, one)),
  );
  if (encoding !== undefined) return { kind: 'encoding', encoding };
  return ['\n', '\r\n'].some((end) => hasMade(Buffer.from(text + end))) ? { kind: 'newline' } : undefined;
}

function isMadeWith(secret: Uint8Array, hash: string, token: string): boolean {
  const at = token.lastIndexOf('.');
  const mac = createHmac(hash, secret).update(token.slice(0, at)).digest();
  const signature = Buffer.from(token.slice(at + 1), 'base64url');
  return signature.length === mac.length && timingSafeEqual(signature, mac);
}
