import type { CryptoKey, JWTPayload, JWTVerifyGetKey, JWTVerifyOptions } from 'jose';
import { anonymousIdentity, type Identity, verifiedIdentity } from './identity.js';
import { loadJose } from './jose.js';
import { type Keys, KeysUnavailable } from './keys.js';
import { Rejection } from './rejection.js';
import { type TenantSource, tenantFromClaims } from './tenant.js';
import { readToken } from './token.js';

export interface VerifyClientOptions {
  /** null: tokens are not looked at, every peer is anonymous. */
  readonly keys: Keys | null;
  readonly tenant: TenantSource;
  /** Expected `iss` (RFC 7519 §4.1.1). */
  readonly issuer?: string;
  /** A value that `aud` must contain (RFC 7519 §4.1.3). */
  readonly audience?: string;
  readonly maxTokenBytes?: number;
}

/**
 * Says who sent an upgrade request, from its target alone.
 * @throws Rejection in every other case, whatever went wrong
 */
export type VerifyClient = (target: string) => Promise<Identity>;

/** Several keys may fit a token without `kid` (RFC 7517 §4.5); each costs a signature check, so not all are tried. */
const MAX_CANDIDATE_KEYS = 4;

/** Makes the one function that decides who may connect to a listener. */
export function createVerifyClient(options: VerifyClientOptions): VerifyClient {
  const { keys, tenant, issuer, audience } = options;
  if (keys === null) {
    const identity = anonymousIdentity(tenant.kind === 'static' ? tenant.tenantId : null);
    return async () => identity;
  }
  const expected: JWTVerifyOptions = {
    algorithms: [...keys.algorithms],
    ...(issuer === undefined ? {} : { issuer }),
    ...(audience === undefined ? {} : { audience }),
  };
  return async (target) => {
    const claims = await verify(readToken(target, options.maxTokenBytes), keys, expected);
    const tenantId = tenant.kind === 'static' ? tenant.tenantId : tenantFromClaims(claims, tenant.name);
    if (tenantId === undefined) throw new Rejection('tenant_missing');
    return verifiedIdentity(claims, tenantId);
  };
}

async function verify(token: string, keys: Keys, expected: JWTVerifyOptions): Promise<JWTPayload> {
  const { jwtVerify } = await loadJose();
  const attempt = async (key: CryptoKey | JWTVerifyGetKey) => (await jwtVerify(token, key, expected)).payload;
  const claims = await attempt(keys.find)
    .catch((error: unknown) => tryCandidates(error, attempt))
    .catch(refuse);
  // jose takes Infinity (`1e400` in JSON) for a date
  for (const date of [claims.exp, claims.nbf]) {
    if (date !== undefined && !Number.isFinite(date)) throw new Rejection('token_invalid');
  }
  return claims;
}

/** What jose rejects with where several keys fit: an error that iterates over them. */
type CandidateKeys = Error & AsyncIterable<CryptoKey>;

async function tryCandidates(
  error: unknown,
  attempt: (key: CryptoKey) => Promise<JWTPayload>,
): Promise<JWTPayload> {
  if (codeOf(error) !== 'ERR_JWKS_MULTIPLE_MATCHING_KEYS') throw error;
  let left = MAX_CANDIDATE_KEYS;
  for await (const key of error as CandidateKeys) {
    if (left-- === 0) break;
    try {
      return await attempt(key);
    } catch (failure) {
      // another key may have signed it; any other failure is the token's own fault
      if (codeOf(failure) !== 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED') throw failure;
    }
  }
  throw error;
}

/** Maps on codes only: the messages and payloads of jose's errors carry the peer's bytes. */
function refuse(error: unknown): never {
  if (error instanceof KeysUnavailable) throw new Rejection('keys_unavailable');
  throw new Rejection(codeOf(error) === 'ERR_JWT_EXPIRED' ? 'token_expired' : 'token_invalid');
}

function codeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
}
