import type { RoutingScope } from '../config/listener-options.js';
import type { Session } from '../endpoint/endpoint.js';
import type { Identity } from '../token/identity.js';

/** `msg._session` of a connection: a new object each time, for the flow to do with as it likes. */
export function sessionOf(identity: Identity, id: string, routingScope: RoutingScope): Session {
  const { tenantId, subject, authStatus } = identity;
  // made for every message: no spreading
  return subject === undefined
    ? { type: 'websocket', id, tenantId, authStatus, routingScope }
    : { type: 'websocket', id, tenantId, subject, authStatus, routingScope };
}
