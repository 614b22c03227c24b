import type { TenantSource } from '../../config/listener-options.js';
import { tenantOf } from '../tenant.js';
import { failed, passed, type Rule } from './rule.js';

/** The tenant is one that the issuer may name. It is known who comes, so that the answer is 403. */
export function tenantsRule(allowed: readonly string[] = [], source: TenantSource): Rule {
  return {
    name: 'tenants',
    claim: undefined,
    options: {},
    mayRefuse: allowed.length > 0,
    example: {},
    findings: ['allowed', 'other'],
    judge(claims) {
      const tenant = allowed.length === 0 ? undefined : tenantOf(claims, source);
      if (tenant === undefined) return undefined; // that is another rule's to say
      return allowed.includes(tenant)
        ? passed('allowed', { tenant })
        : failed('other', { tenant }, 'tenant', 'forbidden');
    },
  };
}
