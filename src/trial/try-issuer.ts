import type { TenantSource } from '../config/listener-options.js';
import { soleJudge } from './issued-judges.js';
import { judgeToken } from './judge-token.js';
import type { TrialIssuer, TrialSettings } from './settings.js';
import type { Trial } from './trial.js';

/** Where an issuer's tokens name their tenant is said by each listener; nobody may have said. */
export type TriedTenant = (TenantSource & { readonly kind: 'claim' }) | { readonly kind: 'unknown' };

/**
 * Says what an issuer has against a token: its keys, and all of its rules. Which request a token comes with, and what
 * session it leads to, is for a listener to say.
 * @param tenant where it is unknown, no rule about tenants is judged
 */
export async function tryIssuer(
  token: string,
  one: TrialIssuer,
  tenant: TriedTenant,
  settings: TrialSettings = {},
): Promise<Trial> {
  const judges = soleJudge(withTenant(one, tenant), tenantSource(tenant), settings);
  const trial = await judgeToken(token, judges, {
    maxTokenBytes: settings.maxTokenBytes,
    head: { path: '', maxBytes: Number.POSITIVE_INFINITY },
    accepted: () => ({ kind: 'in-order' }),
  });
  if (tenant.kind === 'claim') return trial;
  return { ...trial, checks: trial.checks.filter(({ name }) => name !== 'tenant') };
}

/** What stands for a tenant that nobody has said where to find. */
export function tenantSource(tenant: TriedTenant): TenantSource {
  return tenant.kind === 'claim' ? tenant : { kind: 'static', tenantId: '' };
}

function withTenant({ name, issuer }: TrialIssuer, { kind }: TriedTenant): TrialIssuer {
  return kind === 'claim'
    ? { name, issuer }
    : { name, issuer: { ...issuer, options: { ...issuer.options, tenants: [] } } };
}
