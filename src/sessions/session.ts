import type { RoutingScope } from '../config/listener-schema.js';
import type { AuthStatus, Identity } from '../token/identity.js';

/** `msg._session`: the connection a message came from, as a flow sees it. */
export interface Session {
  readonly type: 'websocket';
  readonly id: string;
  readonly authStatus: AuthStatus;
  /** Present on sessions of a listener: the verified tenant, or null where there is none. */
  readonly tenantId?: string | null;
  /** The token's `sub`, where it is a string. */
  readonly subject?: string;
  readonly routingScope?: RoutingScope;
}

/** `msg._session` of a connection: a new object each time, for the flow to do with as it likes. */
export function sessionOf(identity: Identity, id: string, routingScope: RoutingScope): Session {
  const { tenantId, subject, authStatus } = identity;
  // made for every message: no spreading
  return subject === undefined
    ? { type: 'websocket', id, tenantId, authStatus, routingScope }
    : { type: 'websocket', id, tenantId, subject, authStatus, routingScope };
}
