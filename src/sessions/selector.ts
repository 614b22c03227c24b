import type { Connection } from './connection.js';
import type { Connected } from './registry.js';

/** Which connections of a listener are meant. Nothing stands for everybody but `everybody`. */
export type Selector = { readonly kind: 'everybody' } | Matching;

/** Those that all members apply to which it has, and of these it has at least one. */
export interface Matching extends TokenSelector {
  readonly kind: 'matching';
  /** A session id. */
  readonly session?: string;
}

/** Whose tokens are meant, by what they say. */
export interface TokenSelector {
  /** null: of no tenant. */
  readonly tenantId?: string | null;
  readonly subject?: string;
  /** The token with this `jti` (RFC 7519 §4.1.7). */
  readonly jti?: string;
}

/** The connections that are meant, in the order in which they came; who comes or goes afterwards changes nothing. */
export function select(connected: Connected, selector: Selector): readonly Connection[] {
  if (selector.kind === 'everybody') return [...connected.all()];
  return candidates(connected, selector).filter((connection) => isMeant(connection, selector));
}

function candidates(connected: Connected, { session, tenantId }: Matching): readonly Connection[] {
  if (session === undefined)
    return [...(tenantId === undefined ? connected.all() : connected.ofTenant(tenantId))];
  const one = connected.get(session);
  return one === undefined ? [] : [one];
}

function isMeant({ id, identity }: Connection, { session, tenantId, subject, jti }: Matching): boolean {
  return (
    (session === undefined || session === id) &&
    (tenantId === undefined || tenantId === identity.tenantId) &&
    (subject === undefined || subject === identity.subject) &&
    (jti === undefined || jti === identity.claims.jti)
  );
}
