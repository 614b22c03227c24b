import type { CryptoKey, JWTVerifyGetKey } from 'jose';
import { joseCode } from './jose.js';

/** Several keys may fit a token without `kid` (RFC 7517 §4.5); each costs a signature check, so not all are tried. */
const MAX_CANDIDATE_KEYS = 4;

/** What jose rejects with where several keys fit: an error that iterates over them. */
type CandidateKeys = Error & AsyncIterable<CryptoKey>;

/** Verifies with the key that `find` finds, or with one of the first few where several fit. Rejects as `attempt` does. */
export async function withKeys<T>(
  find: JWTVerifyGetKey,
  attempt: (key: JWTVerifyGetKey | CryptoKey) => Promise<T>,
): Promise<T> {
  try {
    return await attempt(find);
  } catch (error) {
    if (joseCode(error) !== 'ERR_JWKS_MULTIPLE_MATCHING_KEYS') throw error;
    return tryCandidates(error as CandidateKeys, attempt);
  }
}

async function tryCandidates<T>(error: CandidateKeys, attempt: (key: CryptoKey) => Promise<T>): Promise<T> {
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
