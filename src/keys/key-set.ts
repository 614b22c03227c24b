import type { JSONWebKeySet, JWTVerifyGetKey } from 'jose';
import { joseCode, loadJose } from './jose.js';
import { JwksError } from './jwks-error.js';
import { isUsableKey } from './key-problem.js';
import { type KeysAtOnce, keysAtOnce } from './keys-at-once.js';

/** The keys of a set. */
export interface OpenedKeySet {
  readonly find: JWTVerifyGetKey;
  /** Imports those that `find` would find by their id alone; each costs as much as the first token that names it. */
  prepareAtOnce(): Promise<KeysAtOnce>;
}

/**
 * Makes a function that finds the keys of a set. Keys that are good for none of `algorithms` do not stand in the way of
 * the others: they are found only where no usable one is, for jose to refuse.
 * @throws JwksError `jwks-unusable` where no key is usable; else what jose throws on a malformed set
 */
export async function openKeySet(set: JSONWebKeySet, algorithms: readonly string[]): Promise<OpenedKeySet> {
  const { createLocalJWKSet } = await loadJose();
  const findAny = createLocalJWKSet(set);
  const isUsable = await Promise.all(set.keys.map((key) => isUsableKey(key, algorithms)));
  const usable = set.keys.filter((_, index) => isUsable[index]);
  if (usable.length === 0) throw new JwksError('jwks-unusable', algorithms.join(', '));
  const findUsable = createLocalJWKSet({ keys: usable });
  return {
    async find(header, token) {
      try {
        return await findUsable(header, token);
      } catch (error) {
        if (joseCode(error) !== 'ERR_JWKS_NO_MATCHING_KEY') throw error;
        return findAny(header, token);
      }
    },
    prepareAtOnce: () => keysAtOnce(findUsable, set.keys, algorithms),
  };
}
