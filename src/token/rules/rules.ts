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
  /** A value that `aud` must contain (RFC 7519 §4.1.3). */
  readonly audience?: string | undefined;
  readonly tenant: TenantSource;
}

/** All rules for a token's claims, in the order in which a refusal names them. */
export function rulesFor({ issuer, audience, tenant }: Expected): readonly Rule[] {
  return [
    issuerRule(issuer),
    audienceRule(audience),
    issuedAtRule,
    notBeforeRule,
    expiryRule,
    tenantRule(tenant),
  ];
}
