import type { ConfigurationProblem } from './codes.js';

/** RFC 7518 §3.2: an HS256 key has at least 256 bits; anybody who holds one token can try shorter ones offline. */
export const MIN_SECRET_BYTES = 32;

/** Says what is wrong with an HS256 secret, or undefined. Length counts in UTF-8 bytes. */
export function secretProblem(secret: string): ConfigurationProblem | undefined {
  if (secret === '') return 'secret-missing';
  if (new TextEncoder().encode(secret).length < MIN_SECRET_BYTES) return 'secret-short';
  return undefined;
}
