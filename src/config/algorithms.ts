/** Signature algorithms that an issuer may use (RFC 7518 §3.1, RFC 8037 §3.1), keys being public. */
export const PUBLIC_KEY_ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
] as const;

/** Algorithms for a secret that both sides know, each with the length of its hash in bytes. */
const HASH_BYTES: ReadonlyMap<string, number> = new Map([
  ['HS256', 32],
  ['HS384', 48],
  ['HS512', 64],
]);

export const SECRET_ALGORITHMS: readonly string[] = [...HASH_BYTES.keys()];

/** What is accepted where nothing is chosen. */
const DEFAULT_ALGORITHMS = ['RS256', 'ES256'];

/** Whether `name` is an algorithm that can be chosen. */
export function isAlgorithm(name: string): boolean {
  return isSecretAlgorithm(name) || PUBLIC_KEY_ALGORITHMS.some((one) => one === name);
}

/** Whether a signature of this kind is made with a shared secret. */
export function isSecretAlgorithm(name: unknown): boolean {
  return typeof name === 'string' && HASH_BYTES.has(name);
}

/** The algorithms that a choice stands for, in both spellings of EdDSA (RFC 9864 §2.2). */
export function acceptedAlgorithms(chosen: readonly string[], isSecret: boolean): readonly string[] {
  if (chosen.length === 0) return isSecret ? ['HS256'] : DEFAULT_ALGORITHMS;
  return chosen.flatMap((name) => (name === 'EdDSA' ? [name, 'Ed25519'] : [name]));
}

/** RFC 7518 §3.2: a key is at least as long as the hash; in bytes, for all of `algorithms`. */
export function minSecretBytes(algorithms: readonly string[]): number {
  return Math.max(32, ...algorithms.map((name) => HASH_BYTES.get(name) ?? 0));
}
