import type { KeyObject } from 'node:crypto';
import type { CryptoKey, JWTVerifyGetKey } from 'jose';
import { joseCode } from './jose.js';
import type { FindKey } from './keys.js';

/** Several keys may fit a token without `kid` (RFC 7517 §4.5); each costs a signature check, so not all are tried. */
const MAX_CANDIDATE_KEYS = 4;

/** What jose rejects with where several keys fit: an error that iterates over them. */
type CandidateKeys = Error & AsyncIterable<CryptoKey | KeyObject>;

type Attempt<T> = (key: JWTVerifyGetKey | CryptoKey | KeyObject) => Promise<T>;

/**
 * Verifies with the key that `find` finds, or with one of the first few where several fit; where the signature fits none,
 * with newer keys, if there are any. Rejects as `attempt` does.
 */
export async function withKeys<T>(find: FindKey, attempt: Attempt<T>): Promise<T> {
  const isChanged = find.watch?.();
  try {
    return await tryKeys(find, attempt);
  } catch (error) {
    if (isChanged === undefined || !isMisfit(error) || !(await isChanged())) throw error;
    return tryKeys(find, attempt);
  }
}

async function tryKeys<T>(find: FindKey, attempt: Attempt<T>): Promise<T> {
  try {
    return await attempt(find);
  } catch (error) {
    if (joseCode(error) !== 'ERR_JWKS_MULTIPLE_MATCHING_KEYS') throw error;
    return tryCandidates(error as CandidateKeys, attempt);
  }
}

async function tryCandidates<T>(error: CandidateKeys, attempt: Attempt<T>): Promise<T> {
  let left = MAX_CANDIDATE_KEYS;
  for await (const key of error) {
    if (left-- === 0) break;
    try {
      return await attempt(key);
    } catch (failure) {
      // another key may have signed it; any other failure is the token's own fault
      if (joseCode(failure) !== 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED') throw failure;
    }
  }
  throw error;
}

/** Whether there were keys for the token, and none had signed it: they may have been replaced under the same id. */
function isMisfit(error: unknown): boolean {
  const code = joseCode(error);
  return code === 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED' || code === 'ERR_JWKS_MULTIPLE_MATCHING_KEYS';
}
