import type { CryptoKey, JWTPayload, JWTVerifyGetKey, JWTVerifyOptions } from 'jose';
import { withKeys } from '../keys/candidate-keys.js';
import { joseCode, loadJose } from '../keys/jose.js';
import { KeysUnavailable, type VerifyingKeys } from '../keys/keys.js';
import { DEFAULT_MAX_TOKEN_BYTES, formProblem, refusedForm } from './form.js';
import { type Identity, verifiedIdentity } from './identity.js';
import type { Claims, Rule } from './rules/rule.js';
import { type Expected, rulesFor } from './rules/rules.js';
import { tenantOf } from './tenant.js';
import { type RefusalCause, TokenRefused } from './token-refused.js';
import { verifyAtOnce } from './verify-at-once.js';

export interface VerifyTokenOptions extends Expected {
  readonly keys: VerifyingKeys;
  readonly maxTokenBytes?: number | undefined;
  /** The time to judge `exp` and `nbf` by; absent: that of each call. */
  readonly currentDate?: Date | undefined;
}

/**
 * Says who a token belongs to: at once where nothing has to be waited for.
 * @throws TokenRefused in every other case, whatever went wrong; or rejects with one
 */
export type VerifyToken = (token: string) => Identity | Promise<Identity>;

/** Makes the one function that decides whether a token is good. */
export function createVerifyToken(options: VerifyTokenOptions): VerifyToken {
  const { keys, tenant, currentDate, maxTokenBytes = DEFAULT_MAX_TOKEN_BYTES } = options;
  const rules = rulesFor(options);
  const expected: JWTVerifyOptions = Object.assign(
    { algorithms: [...keys.algorithms] },
    currentDate === undefined ? {} : { currentDate },
    ...rules.map((rule) => rule.options),
  );
  const identityOf = (claims: JWTPayload) => {
    judge(claims, rules, currentDate);
    const tenantId = tenantOf(claims, tenant);
    if (tenantId === undefined) throw new TokenRefused('tenant_missing', 'tenant');
    return verifiedIdentity(claims, tenantId);
  };
  return (token) => {
    const problem = formProblem(token, maxTokenBytes);
    if (problem !== undefined) throw refusedForm(problem);
    const claims = keys.kind === 'secret' ? verifyAtOnce(token, keys.secret, expected) : undefined;
    if (claims !== undefined) return identityOf(claims);
    return verifyByJose(token, keys, expected).then(identityOf, (error) => refuse(error, rules));
  };
}

async function verifyByJose(
  token: string,
  keys: VerifyingKeys,
  expected: JWTVerifyOptions,
): Promise<JWTPayload> {
  const { jwtVerify } = await loadJose();
  return withKeys(keys.find, async (key: CryptoKey | JWTVerifyGetKey) => {
    const { payload } = await jwtVerify(token, key, expected);
    return payload;
  });
}

function judge(claims: Claims, rules: readonly Rule[], date = new Date()): void {
  const now = Math.floor(date.getTime() / 1000);
  for (const rule of rules) {
    const found = rule.judge(claims, now);
    if (found?.result === 'failed') throw new TokenRefused(found.code, found.because);
  }
}

/** Maps on codes only: the messages and payloads of jose's errors carry the peer's bytes. */
function refuse(error: unknown, rules: readonly Rule[]): never {
  if (error instanceof KeysUnavailable) throw new TokenRefused('keys_unavailable');
  const code = joseCode(error);
  if (code === 'ERR_JWT_EXPIRED') throw new TokenRefused('token_expired', 'expired');
  throw new TokenRefused('token_invalid', CAUSES.get(code) ?? causeOfClaim(error, rules));
}

const CAUSES: ReadonlyMap<unknown, RefusalCause> = new Map([
  ['ERR_JOSE_ALG_NOT_ALLOWED', 'algorithm'],
  ['ERR_JWKS_NO_MATCHING_KEY', 'unknown-key'],
  ['ERR_JWS_SIGNATURE_VERIFICATION_FAILED', 'signature'],
  ['ERR_JWKS_MULTIPLE_MATCHING_KEYS', 'signature'],
]);

/** jose names the claim that it stumbled over, and gives the claims that it had verified. */
function causeOfClaim(error: unknown, rules: readonly Rule[]): RefusalCause {
  const { claim, payload } = Object(error) as { readonly claim?: unknown; readonly payload?: Claims };
  const rule = claim === undefined ? undefined : rules.find((one) => one.claim === claim);
  const found = payload === undefined ? undefined : rule?.judge(payload, Math.floor(Date.now() / 1000));
  return found?.result === 'failed' ? found.because : 'form';
}
