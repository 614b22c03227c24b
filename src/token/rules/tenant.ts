import type { TenantSource } from '../../config/listener-options.js';
import { findTenantClaim } from '../tenant.js';
import { failed, passed, type Rule, skipped } from './rule.js';

/** The claim that names the tenant is there and usable, unless the tenant is fixed. jose knows nothing of tenants. */
export function tenantRule(source: TenantSource): Rule {
  return {
    name: 'tenant',
    claim: undefined,
    options: {},
    mayRefuse: source.kind !== 'static',
    example: {}, // the maker of the token chooses the tenant
    findings: ['static', 'missing', 'exact', 'nested', 'unusable'],
    judge(claims) {
      if (source.kind === 'static') return skipped('static', { tenant: source.tenantId });
      const { name } = source;
      const claim = findTenantClaim(claims, name);
      if (claim === undefined) return failed('missing', { name }, 'tenant', 'tenant_missing');
      const { place, value, tenantId } = claim;
      if (tenantId !== undefined) return passed(place, { name, tenant: tenantId });
      return failed('unusable', { name, found: value }, 'tenant', 'tenant_missing');
    },
  };
}
