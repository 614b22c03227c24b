import type { Identity } from './identity.js';
import { findTenantClaim } from './tenant.js';
import { TokenRefused } from './token-refused.js';

/**
 * Levels of lists and objects in each other. Each message and each event has a copy of its own, which is made level by level
 * on the stack: whoever signs tokens must not choose how much of that it takes.
 */
const MAX_DEPTH = 100;

/**
 * The identity with those of its claims that a flow is told, each found as a tenant claim is and called by its whole name;
 * those it does not have are left out. What the user's own check gave for claims stands as it is.
 * @param names none: the identity itself
 * @throws TokenRefused `token_invalid` for claims that are nested too deep
 */
export function withSessionClaims(identity: Identity, names: readonly string[]): Identity {
  if (names.length === 0 || identity.sessionClaims !== undefined) return identity;
  const found = names.flatMap((name) => {
    const claim = findTenantClaim(identity.claims, name);
    return claim === undefined ? [] : [[name, claim.value] as const];
  });
  if (isDeeper(found, MAX_DEPTH)) throw new TokenRefused('token_invalid', { cause: 'claim' });
  return Object.freeze({ ...identity, sessionClaims: Object.freeze(Object.fromEntries(found)) });
}

/** Level by level, and not by recursion: that would be what it is to prevent. */
function isDeeper(root: unknown, max: number): boolean {
  let level: unknown[] = [root];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > max) return true;
    level = level.flatMap((value) =>
      typeof value === 'object' && value !== null ? Object.values(value) : [],
    );
  }
  return false;
}
