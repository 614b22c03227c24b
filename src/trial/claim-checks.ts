import type { JWTClaimVerificationOptions } from 'jose';
import { loadJose } from '../keys/jose.js';
import { findTenantClaim, type TenantSource } from '../token/tenant.js';
import { failed, passed, quoted, skipped } from './check-results.js';
import type { Check, CheckName } from './trial.js';

export interface Expected {
  readonly issuer?: string;
  readonly audience?: string;
  readonly tenant: TenantSource;
  readonly currentDate: Date;
}

export type Claims = Readonly<Record<string, unknown>>;

/** The checks of everything that a token says, each on its own, whoever signed it. */
export async function checkClaims(claims: Claims, expected: Expected): Promise<Check[]> {
  const { issuer, audience, currentDate, tenant } = expected;
  const judge = await createJudge(claims);
  return [
    text('issuer', claims.iss, issuer, () => judge('iss', { issuer: issuer ?? '', currentDate })),
    text('audience', claims.aud, audience, () => judge('aud', { audience: audience ?? '', currentDate })),
    ...issuedAt(claims.iat),
    date('not-before', claims.nbf, judge('nbf', { currentDate })),
    date('expiry', claims.exp, judge('exp', { currentDate })),
    tenantCheck(claims, tenant),
  ];
}

/** The names of these checks, for where there are no claims. */
export const CLAIM_CHECKS: readonly CheckName[] = ['issuer', 'audience', 'not-before', 'expiry', 'tenant'];

/** Says what jose has against one claim, or undefined. */
type Judge = (claim: string, options: JWTClaimVerificationOptions) => string | undefined;

/** A token that is not signed goes through the same check of claims in jose as one that is (jwt/unsecured.ts). */
async function createJudge(claims: Claims): Promise<Judge> {
  const { UnsecuredJWT, errors } = await loadJose();
  return (claim, options) => {
    const alone = Object.hasOwn(claims, claim) ? { [claim]: claims[claim] } : {};
    try {
      UnsecuredJWT.decode(new UnsecuredJWT(alone).encode(), options);
      return undefined;
    } catch (error) {
      if (error instanceof errors.JWTExpired) return 'expired';
      return error instanceof errors.JWTClaimValidationFailed ? error.reason : 'invalid';
    }
  };
}

function text(
  name: 'issuer' | 'audience',
  found: unknown,
  expected: string | undefined,
  judge: () => string | undefined,
): Check {
  if (expected === undefined) {
    return found === undefined
      ? skipped(name, 'not-configured')
      : skipped(name, 'any', { found: quoted(found) });
  }
  const values = { expected, ...(found === undefined ? {} : { found: quoted(found) }) };
  const fault = judge();
  if (fault === undefined) return passed(name, 'expected', values);
  return failed(name, fault === 'missing' ? 'missing' : 'other', values);
}

function date(name: 'issued-at' | 'not-before' | 'expiry', value: unknown, fault: string | undefined): Check {
  if (value === undefined) return passed(name, 'absent');
  if (typeof value !== 'number' || fault === 'invalid')
    return failed(name, 'no-date', { found: quoted(value) });
  if (fault === 'expired') return failed(name, 'past', { at: value }, 'token_expired');
  if (fault !== undefined) return failed(name, 'future', { at: value });
  return passed(name, name === 'expiry' ? 'future' : 'past', { at: value });
}

/** jose wants a number and no more; it is of interest where there is one. */
function issuedAt(value: unknown): Check[] {
  if (value === undefined || value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY)
    return [];
  return [date('issued-at', value, undefined)];
}

function tenantCheck(claims: Claims, source: TenantSource): Check {
  if (source.kind === 'static') return skipped('tenant', 'static', { tenant: source.tenantId });
  const { name } = source;
  const claim = findTenantClaim(claims, name);
  if (claim === undefined) return failed('tenant', 'missing', { name }, 'tenant_missing');
  const { place, value, tenantId } = claim;
  if (tenantId === undefined) {
    return failed('tenant', 'unusable', { name, found: quoted(value) }, 'tenant_missing');
  }
  return passed('tenant', place, { name, tenant: quoted(tenantId) });
}
