import type { KeyObject } from 'node:crypto';
import type { CryptoKey, JWTPayload, JWTVerifyGetKey, JWTVerifyOptions } from 'jose';
import { withKeys } from '../keys/candidate-keys.js';
import { joseCode, loadJose } from '../keys/jose.js';
import { KeysUnavailable, type VerifyingKeys } from '../keys/keys.js';
import { KeysFunctionFailed } from '../keys/keys-function.js';
import { DEFAULT_MAX_TOKEN_BYTES, formProblem, refusedForm } from './form.js';
import { type Identity, verifiedIdentity } from './identity.js';
import type { Claims, Finding, Rule } from './rules/rule.js';
import { type Expected, rulesFor } from './rules/rules.js';
import { tenantOf } from './tenant.js';
import { type RefusalCause, type RefusalReason, TokenRefused } from './token-refused.js';
import { readUnverified } from './unverified.js';
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

/** What a signature vouches for. */
interface Verified {
  readonly claims: JWTPayload;
  readonly header: Claims;
}

/** Where a token is verified at once, no rule looks at its header. */
const NO_HEADER: Claims = {};

/** Makes the one function that decides whether a token is good. */
export function createVerifyToken(options: VerifyTokenOptions): VerifyToken {
  const { keys, tenant, currentDate, maxTokenBytes = DEFAULT_MAX_TOKEN_BYTES } = options;
  const rules = rulesFor(options).filter(({ mayRefuse }) => mayRefuse);
  const expected: JWTVerifyOptions = Object.assign(
    { algorithms: [...keys.algorithms] },
    ...rules.map((rule) => rule.options),
  );
  // filled in for each token: a copy for each shows in a profile of handshakes
  const expectedNow: JWTVerifyOptions = { ...expected };
  const identityOf = ({ claims, header }: Verified, date: Date) => {
    judge(claims, rules, date, header);
    const tenantId = tenantOf(claims, tenant);
    if (tenantId === undefined) throw new TokenRefused('tenant_missing', { cause: 'tenant' });
    return verifiedIdentity(claims, tenantId);
  };
  return (token) => {
    const problem = formProblem(token, maxTokenBytes);
    if (problem !== undefined) throw refusedForm(problem);
    const date = currentDate ?? new Date(); // one for jose and for the rules, or they might not agree
    expectedNow.currentDate = date;
    const claims = verifyAtOnce(token, keys, expectedNow);
    if (claims !== undefined) return identityOf({ claims, header: NO_HEADER }, date);
    return verifyByJose(token, keys, { ...expected, currentDate: date }).then(
      (verified) => identityOf(verified, date),
      (error) => refuse(error, rules, date, token),
    );
  };
}

async function verifyByJose(
  token: string,
  keys: VerifyingKeys,
  expected: JWTVerifyOptions,
): Promise<Verified> {
  const { jwtVerify } = await loadJose();
  return withKeys(keys.find, async (key: CryptoKey | KeyObject | JWTVerifyGetKey) => {
    const { payload, protectedHeader } = await jwtVerify(token, key, expected);
    return { claims: payload, header: { ...protectedHeader } };
  });
}

function judge(claims: Claims, rules: readonly Rule[], date: Date, header: Claims): void {
  const now = secondsOf(date);
  for (const rule of rules) {
    const found = rule.judge(claims, now, header);
    if (found?.result === 'failed') throw new TokenRefused(found.code, found.because);
  }
}

/** Maps on codes only: the messages and payloads of jose's errors carry the peer's bytes. */
function refuse(error: unknown, rules: readonly Rule[], date: Date, token: string): never {
  if (error instanceof KeysUnavailable) throw new TokenRefused('keys_unavailable');
  if (error instanceof KeysFunctionFailed) throw error;
  const found = findingOf(error, rules, date, token);
  // jose takes a date before all dates for one that has passed
  if (joseCode(error) === 'ERR_JWT_EXPIRED') throw new TokenRefused('token_expired', expired(found));
  if (found?.result === 'failed') throw new TokenRefused(found.code, found.because);
  throw new TokenRefused('token_invalid', { cause: causeOf(joseCode(error)) });
}

function expired(found: Finding | undefined): RefusalReason {
  return found?.result === 'failed' && found.because.cause === 'expired'
    ? found.because
    : { cause: 'expired' };
}

const CAUSES: ReadonlyMap<unknown, RefusalCause> = new Map([
  ['ERR_JOSE_ALG_NOT_ALLOWED', 'algorithm'],
  ['ERR_JWKS_NO_MATCHING_KEY', 'unknown-key'],
  ['ERR_JWS_SIGNATURE_VERIFICATION_FAILED', 'signature'],
  ['ERR_JWKS_MULTIPLE_MATCHING_KEYS', 'signature'],
  ['ERR_JWS_INVALID', 'form'],
  ['ERR_JWT_INVALID', 'form'],
  ['ERR_JWT_CLAIM_VALIDATION_FAILED', 'form'],
  ['ERR_JOSE_NOT_SUPPORTED', 'form'],
]);

/** What is no error about the token is one about the key that it names: broken, weak, or made for something else. */
function causeOf(code: unknown): RefusalCause {
  return CAUSES.get(code) ?? 'unknown-key';
}

/** jose names the claim that it stumbled over, and gives the claims that it had verified. */
function findingOf(error: unknown, rules: readonly Rule[], date: Date, token: string): Finding | undefined {
  const { claim, payload } = Object(error) as { readonly claim?: unknown; readonly payload?: Claims };
  if (claim === undefined || payload === undefined) return undefined;
  const header = readUnverified(token)?.header ?? {}; // what jose has verified by then
  const findings = rules
    .filter((rule) => rule.claim === claim)
    .map((rule) => rule.judge(payload, secondsOf(date), header));
  return findings.find((found) => found?.result === 'failed') ?? findings[0];
}

function secondsOf(date: Date): number {
  return Math.floor(date.getTime() / 1000);
}
