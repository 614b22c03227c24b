import type { ClaimRule } from '../../config/claim-rules.js';
import type { TenantSource } from '../../config/listener-options.js';
import { audienceRule } from './audience.js';
import { claimsRule } from './claims.js';
import { expiryRule, issuedAtRule, notBeforeRule } from './dates.js';
import { issuerRule } from './issuer.js';
import { lifetimeRule } from './lifetime.js';
import type { Rule } from './rule.js';
import { tenantRule } from './tenant.js';
import { tenantsRule } from './tenants.js';
import { typeRule } from './type.js';

/** What a listener's owner expects of a token's claims. */
export interface Expected {
  /** `iss` (RFC 7519 §4.1.1). */
  readonly issuer?: string | undefined;
  /** The same with placeholders that claims fill in. */
  readonly issuerTemplate?: string | undefined;
  /** Values of which `aud` must contain one (RFC 7519 §4.1.3); a text of them is comma-separated. */
  readonly audience?: string | readonly string[] | undefined;
  /** How far clocks may be apart, in seconds, for `exp` and `nbf`; absent: not at all. */
  readonly clockTolerance?: number | undefined;
  readonly tenant: TenantSource;
  /** Whether there has to be an `exp`. */
  readonly requireExpiry?: boolean | undefined;
  /** Between `iat` and `exp`, in seconds. */
  readonly maxLifetime?: number | undefined;
  /** `typ` of the header (RFC 7515 §4.1.9). */
  readonly tokenType?: string | undefined;
  /** The only tenants that may be named; none: any. */
  readonly tenants?: readonly string[] | undefined;
  /** What claims have to be. */
  readonly claims?: readonly ClaimRule[] | undefined;
}

/** All rules for a token's claims, in the order in which a refusal names them. */
export function rulesFor(expected: Expected): readonly Rule[] {
  const { issuer, issuerTemplate, audience, clockTolerance, tenant, tenants, tokenType, claims } = expected;
  return [
    issuerRule(issuer, issuerTemplate),
    audienceRule(audience),
    issuedAtRule,
    notBeforeRule(clockTolerance),
    expiryRule(clockTolerance),
    lifetimeRule(expected),
    typeRule(tokenType),
    tenantRule(tenant),
    tenantsRule(tenants, tenant),
    claimsRule(claims),
  ];
}
