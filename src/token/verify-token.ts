import type { CryptoKey, JWTPayload, JWTVerifyGetKey, JWTVerifyOptions } from 'jose';
import { Rejection } from '../handshake/rejection.js';
import { withKeys } from '../keys/candidate-keys.js';
import { loadJose } from '../keys/jose.js';
import { joseCode } from '../keys/jose-code.js';
import { type Keys, KeysUnavailable } from '../keys/keys.js';
import { readToken } from './form.js';
import { anonymousIdentity, type Identity, verifiedIdentity } from './identity.js';
import { type TenantSource, tenantFromClaims } from './tenant.js';

export interface VerifyClientOptions {
  /** null: tokens are not looked at, every peer is anonymous. */
  readonly keys: Keys | null;
  readonly tenant: TenantSource;
  /** Expected `iss` (RFC 7519 §4.1.1). */
  readonly issuer?: string;
  /** A value that `aud` must contain (RFC 7519 §4.1.3). */
  readonly audience?: string;
  readonly maxTokenBytes?: number;
  /** The time to judge `exp` and `nbf` by; absent: that of each request. */
  readonly currentDate?: Date;
}

/**
 * Says who sent an upgrade request, from its target alone.
 * @throws Rejection in every other case, whatever went wrong
 */
export type VerifyClient = (target: string) => Promise<Identity>;

/** Makes the one function that decides who may connect to a listener. */
export function createVerifyClient(options: VerifyClientOptions): VerifyClient {
  const { keys, tenant, issuer, audience, currentDate } = options;
  if (keys === null) {
    const identity = anonymousIdentity(tenant.kind === 'static' ? tenant.tenantId : null);
    return async () => identity;
  }
  const expected: JWTVerifyOptions = {
    algorithms: [...keys.algorithms],
    ...(issuer === undefined ? {} : { issuer }),
    ...(audience === undefined ? {} : { audience }),
    ...(currentDate === undefined ? {} : { currentDate }),
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
  const claims = await withKeys(keys.find, attempt).catch(refuse);
  // jose takes Infinity (`1e400` in JSON) for a date
  for (const date of [claims.exp, claims.nbf]) {
    if (date !== undefined && !Number.isFinite(date)) throw new Rejection('token_invalid');
  }
  return claims;
}

/** Maps on codes only: the messages and payloads of jose's errors carry the peer's bytes. */
function refuse(error: unknown): never {
  if (error instanceof KeysUnavailable) throw new Rejection('keys_unavailable');
  throw new Rejection(joseCode(error) === 'ERR_JWT_EXPIRED' ? 'token_expired' : 'token_invalid');
}
