import type { TenantSource } from '../../config/listener-options.js';
import { audienceRule } from './audience.js';
import { expiryRule, issuedAtRule, notBeforeRule } from './dates.js';
import { issuerRule } from './issuer.js';
import type { Rule } from './rule.js';
import { tenantRule } from './tenant.js';

/** What a listener's owner expects of a token's claims. */
export interface Expected {
  /** `iss` (RFC 7519 §4.1.1). */
  readonly issuer?: string | undefined;
  /** Values of which `aud` must contain one, comma-separated (RFC 7519 §4.1.3). */
  readonly audience?: string | undefined;
  /** How far clocks may be apart, in seconds, for `exp` and `nbf`; absent: not at all. */
  readonly clockTolerance?: number | undefined;
  readonly tenant: TenantSource;
}

/** All rules for a token's claims, in the order in which a refusal names them. */
export function rulesFor({ issuer, audience, clockTolerance, tenant }: Expected): readonly Rule[] {
  return [
    issuerRule(issuer),
    audienceRule(audience),
    issuedAtRule,
    notBeforeRule(clockTolerance),
    expiryRule(clockTolerance),
    tenantRule(tenant),
  ];
}
