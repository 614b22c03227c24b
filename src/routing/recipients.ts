import type { RoutingScope } from '../config/listener-schema.js';
import type { SessionIds } from '../sessions/session-id.js';
import { SendError } from '../wire/send-error.js';

/** Who receives one outbound message. Nothing stands for "everybody" but `global`. */
export type Recipients =
  | { readonly kind: 'session'; readonly id: string }
  | { readonly kind: 'tenant'; readonly tenantId: string }
  /** The connections without a tenant. */
  | { readonly kind: 'anonymous' }
  | { readonly kind: 'global' };

/** What a listener knows, for deciding where a message goes. */
export interface ScopeContext {
  readonly configured: RoutingScope;
  /** The tenant of every connection where there can be only one: static, or null where all are anonymous. */
  readonly onlyTenant: string | null | undefined;
  /** The tenant of this listener's live connection of that id; undefined where there is none. */
  tenantOf(id: string): string | null | undefined;
  readonly sessionIds: SessionIds;
}

/**
 * Decides who receives a message that carries `session` as its `msg._session`.
 * The configured scope alone sets how far it goes. A tenant is believed when the id is a live connection's, or when the
 * id proves that it was issued to the tenant that `session` names; never because `session` says so.
 * @throws SendError
 */
export function resolveRecipients(session: unknown, context: ScopeContext): Recipients {
  if (context.configured === 'global') return { kind: 'global' };
  const issued = issuedSession(session, context);
  if (context.configured === 'session') {
    if (issued === undefined) throw new SendError('send-no-session');
    return { kind: 'session', id: issued.id };
  }
  const tenantId = issued === undefined ? context.onlyTenant : issued.tenantId;
  if (typeof tenantId === 'string') return { kind: 'tenant', tenantId };
  // an anonymous sender reaches anonymous connections, and only where the listener has no others
  if (tenantId === null && context.onlyTenant === null) return { kind: 'anonymous' };
  throw new SendError(issued === undefined ? 'send-no-session' : 'send-no-tenant');
}

interface IssuedSession {
  readonly id: string;
  readonly tenantId: string | null;
}

function issuedSession(session: unknown, context: ScopeContext): IssuedSession | undefined {
  if (typeof session !== 'object' || session === null) return undefined;
  const { id, tenantId } = session as { readonly id?: unknown; readonly tenantId?: unknown };
  if (typeof id !== 'string') return undefined;
  const live = context.tenantOf(id);
  if (live !== undefined) return { id, tenantId: live };
  if (typeof tenantId !== 'string' && tenantId !== null) return undefined;
  return context.sessionIds.proves(id, tenantId) ? { id, tenantId } : undefined;
}
