import { minSecretBytes } from './algorithms.js';
import { ConfigurationError, type ConfigurationProblem } from './codes.js';
import type { Read } from './properties.js';
import { isPublicSecret } from './public-secret.js';
import { decodeSecret, SECRET_ENCODINGS, type SecretEncoding } from './secret-encoding.js';

/** RFC 7518 §3.2: an HS256 key has at least 256 bits; anybody who holds one token can try shorter ones offline. */
export const MIN_SECRET_BYTES = 32;

/** What a secret is for. */
export interface SecretUse {
  /** The name of the property that says how it is written. */
  readonly encoding: string;
  /** HS256 where there is none. */
  readonly algorithms: readonly string[];
}

/** Says what is wrong with a shared secret, or undefined. Its length counts in bytes, decoded. */
export function secretProblem(
  secret: string,
  read: Read,
  { encoding: encodingName, algorithms }: SecretUse = { encoding: 'jwtSecretEncoding', algorithms: [] },
): ConfigurationProblem | undefined {
  const text = secret.trim();
  if (text === '') return 'secret-missing';
  // it would be half of a secret, and the other half a name that anybody can guess
  if (text.includes('${')) return 'secret-variable';
  if (isPublicSecret(text)) return 'secret-public';
  const encoding = SECRET_ENCODINGS.find((one) => one === read(encodingName));
  if (encoding === undefined) return undefined; // that is for the encoding itself to say
  const bytes = decodeSecret(text, encoding);
  if (bytes === undefined) return 'secret-encoding';
  return bytes.length < minSecretBytes(algorithms) ? 'secret-short' : undefined;
}

/**
 * The keys that a checked secret stands for, of which the first is the one to sign with. White space around it is dropped.
 * 2.0 took it for a part of the secret: tokens that were signed so stay good.
 * @throws ConfigurationError `secret-encoding`
 */
export function secretKeys(
  secret: string,
  encoding: SecretEncoding = 'utf8',
): readonly [Uint8Array<ArrayBuffer>, ...Uint8Array<ArrayBuffer>[]] {
  const text = secret.trim();
  const bytes = decodeSecret(text, encoding);
  if (bytes === undefined) throw new ConfigurationError('secret-encoding');
  return encoding === 'utf8' && text !== secret ? [bytes, new TextEncoder().encode(secret)] : [bytes];
}
