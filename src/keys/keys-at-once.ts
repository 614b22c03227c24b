import { constants, KeyObject, type VerifyKeyObjectInput } from 'node:crypto';
import type { createLocalJWKSet, JWK } from 'jose';

/** A public key with which node:crypto verifies in the same turn, and the one algorithm that it is used for there. */
export interface KeyAtOnce {
  readonly alg: 'RS256' | 'ES256';
  readonly input: VerifyKeyObjectInput;
}

/** By `kid`. */
export type KeysAtOnce = ReadonlyMap<string, KeyAtOnce>;

type Find = ReturnType<typeof createLocalJWKSet>;

/**
 * Those of a set's keys that a header with `alg` and `kid` names beyond doubt: no other key of the set has that `kid`, not
 * even an unusable one. jose itself is asked for the key, so it is the one that jose would verify with.
 * @param find finds jose's key among the usable ones
 * @param keys all of the set
 */
export async function keysAtOnce(
  find: Find,
  keys: readonly JWK[],
  algorithms: readonly string[],
): Promise<KeysAtOnce> {
  const found = new Map<string, KeyAtOnce>();
  for (const { kid, kty } of keysNamedOnce(keys)) {
    const alg = algorithmOf(kty);
    if (alg === undefined || !algorithms.includes(alg)) continue;
    try {
      const key = KeyObject.from(await find({ alg, kid }));
      found.set(kid, { alg, input: inputOf(alg, key) });
    } catch {
      // weak, broken, for another algorithm or no signatures: jose says so to the token that names it
    }
  }
  return found;
}

function keysNamedOnce(keys: readonly JWK[]): readonly (JWK & { readonly kid: string })[] {
  const counts = new Map<unknown, number>();
  for (const { kid } of keys) counts.set(kid, (counts.get(kid) ?? 0) + 1);
  return keys.filter((key): key is JWK & { readonly kid: string } => {
    const { kid }: { readonly kid?: unknown } = key; // whatever a server has sent
    return typeof kid === 'string' && kid !== '' && counts.get(kid) === 1;
  });
}

function algorithmOf(kty: unknown): KeyAtOnce['alg'] | undefined {
  if (kty === 'RSA') return 'RS256';
  return kty === 'EC' ? 'ES256' : undefined;
}

/** RFC 7518 §3.3 and §3.4: a JWS has both halves of an ECDSA signature as they are, not in DER. */
function inputOf(alg: KeyAtOnce['alg'], key: KeyObject): VerifyKeyObjectInput {
  return alg === 'RS256' ? { key, padding: constants.RSA_PKCS1_PADDING } : { key, dsaEncoding: 'ieee-p1363' };
}
