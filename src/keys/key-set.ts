import type { JSONWebKeySet, JWK, JWTVerifyGetKey } from 'jose';
import { joseCode, loadJose } from './jose.js';
import { JwksError } from './jwks-error.js';

/** RFC 7518 §3.3, in bits. jose refuses shorter keys, but only once a token names one. */
const MIN_RSA_BITS = 2048;

/**
 * Makes a function that finds the keys of a set. Keys that are good for none of `algorithms` do not stand in the way of
 * the others: they are found only where no usable one is, for jose to refuse.
 * @throws JwksError `jwks-unusable` where no key is usable; else what jose throws on a malformed set
 */
export async function openKeySet(
  set: JSONWebKeySet,
  algorithms: readonly string[],
): Promise<JWTVerifyGetKey> {
  const { createLocalJWKSet } = await loadJose();
  const findAny = createLocalJWKSet(set);
  const isUsable = await Promise.all(set.keys.map((key) => isGoodForOne(key, algorithms)));
  const usable = set.keys.filter((_, index) => isUsable[index]);
  if (usable.length === 0) throw new JwksError('jwks-unusable');
  const findUsable = createLocalJWKSet({ keys: usable });
  return async (header, token) => {
    try {
      return await findUsable(header, token);
    } catch (error) {
      if (joseCode(error) !== 'ERR_JWKS_NO_MATCHING_KEY') throw error;
      return findAny(header, token);
    }
  };
}

async function isGoodForOne(key: JWK, algorithms: readonly string[]): Promise<boolean> {
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
