import type { Identity } from './identity.js';
import { findTenantClaim } from './tenant.js';

/**
 * The identity with those of its claims that a flow is told, each found as a tenant claim is and called by its whole name;
 * those it does not have are left out. What the user's own check gave for claims stands as it is.
 * @param names none: the identity itself
 */
export function withSessionClaims(identity: Identity, names: readonly string[]): Identity {
  if (names.length === 0 || identity.sessionClaims !== undefined) return identity;
  const found = names.flatMap((name) => {
    const claim = findTenantClaim(identity.claims, name);
    return claim === undefined ? [] : [[name, claim.value] as const];
  });
  return Object.freeze({ ...identity, sessionClaims: Object.freeze(Object.fromEntries(found)) });
}
