import type { JWK } from 'jose';
import { loadJose } from './jose.js';

/** RFC 7518 §3.3, in bits. jose refuses shorter keys, but only once a token names one. */
export const MIN_RSA_BITS = 2048;

/** Why a key of a set checks no token. */
export const KEY_PROBLEMS = ['use', 'operations', 'type', 'algorithm', 'curve', 'weak', 'broken'] as const;

export type KeyProblem = (typeof KEY_PROBLEMS)[number];

/** The algorithms that each type of public key is for (RFC 7518 §3.1, RFC 8037 §3.1), by their beginnings. */
const FAMILIES: ReadonlyMap<unknown, RegExp> = new Map([
  ['RSA', /^[RP]S\d/],
  ['EC', /^ES\d/],
  ['OKP', /^Ed/],
]);

/** RFC 7518 §3.4, RFC 8037 §3.1. */
const CURVES: ReadonlyMap<unknown, RegExp> = new Map([
  ['P-256', /^ES256$/],
  ['P-384', /^ES384$/],
  ['P-521', /^ES512$/],
  ['Ed25519', /^Ed/],
]);

/** Whether a key is good for one of `algorithms`. */
export async function isUsableKey(key: JWK, algorithms: readonly string[]): Promise<boolean> {
  const { createLocalJWKSet } = await loadJose();
  for (const alg of algorithms) {
    try {
      const { algorithm } = await createLocalJWKSet({ keys: [key] })({ alg });
      if (!('modulusLength' in algorithm) || Number(algorithm.modulusLength) >= MIN_RSA_BITS) return true;
    } catch {
      // not for this one
    }
  }
  return false;
}

/** Says why a key is good for none of `algorithms`; undefined where it is for one. */
export async function keyProblem(key: JWK, algorithms: readonly string[]): Promise<KeyProblem | undefined> {
  if (await isUsableKey(key, algorithms)) return undefined;
  const { use, key_ops: operations, kty, alg, crv, n } = key;
  if (use !== undefined && use !== 'sig') return 'use';
  if (operations !== undefined && !(Array.isArray(operations) && operations.includes('verify'))) {
    return 'operations';
  }
  const family = FAMILIES.get(kty);
  if (family === undefined) return 'type';
  const fitting = algorithms.filter((name) => family.test(name) && (alg === undefined || alg === name));
  if (fitting.length === 0) return 'algorithm';
  if (kty !== 'RSA' && !fitting.some((name) => CURVES.get(crv)?.test(name))) return 'curve';
  return typeof n === 'string' && bitsOf(n) < MIN_RSA_BITS ? 'weak' : 'broken';
}

/** RFC 7518 §6.3.1.1: without leading zeros, which some write all the same. */
function bitsOf(modulus: string): number {
  const bytes = Buffer.from(modulus, 'base64url');
  const first = bytes.findIndex((byte) => byte !== 0);
  return first === -1 ? 0 : (bytes.length - first) * 8;
}
