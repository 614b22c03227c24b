import type { RoutingScope } from '../config/listener-schema.js';
import type { AuthStatus, Identity } from '../token/identity.js';

/** `msg._session`: the connection a message came from, as a flow sees it. */
export interface Session {
  readonly type: 'websocket';
  readonly id: string;
  readonly authStatus: AuthStatus;
  /** Present on sessions of a listener: the verified tenant, or null where there is none. */
  readonly tenantId?: string | null;
  /** The token's `sub`, where it is a string, or whom the user's own function named. */
  readonly subject?: string;
  readonly routingScope?: RoutingScope;
  /** What stood in the request's path for the parameters of the listener's, where that has some. */
  readonly params?: Readonly<Record<string, string>>;
  /** Claims of the token, where the listener names some, or what the user's own middleware gave for them. */
  readonly claims?: Readonly<Record<string, unknown>>;
}

export type SessionParams = Session['params'] | undefined;

/** `msg._session` of a connection: a new object each time, for the flow to do with as it likes. */
export function sessionOf(
  identity: Identity,
  id: string,
  routingScope: RoutingScope,
  params?: SessionParams,
): Session {
  const { tenantId, subject, authStatus, sessionClaims } = identity;
  // made for every message: no spreading
  const session: Session =
    subject === undefined
      ? { type: 'websocket', id, tenantId, authStatus, routingScope }
      : { type: 'websocket', id, tenantId, subject, authStatus, routingScope };
  if (params === undefined && sessionClaims === undefined) return session;
  return {
    ...session,
    ...(params === undefined ? {} : { params: { ...params } }),
    ...(sessionClaims === undefined ? {} : { claims: structuredClone(sessionClaims) }),
  };
}
