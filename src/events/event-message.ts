import type { EventName } from '../config/event-options.js';
import type { Session } from '../sessions/session.js';
import type { EndpointEvent } from './events.js';

/** An event as a flow gets it. */
export interface EventMessage {
  readonly event: EventName;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly session: Session | undefined;
}

/** Says what a flow would call an event; undefined: it is not for flows. */
export function eventNameOf({ kind }: EndpointEvent): EventName | undefined {
  switch (kind) {
    case 'connect':
    case 'disconnect':
    case 'refused':
    case 'failed':
    case 'expiring':
    case 'renewed':
      return kind;
    default:
      return undefined;
  }
}

/** Puts an event into the form that flows get: never with a token, a cookie or another header than it names. */
export function eventMessage(event: EndpointEvent): EventMessage | undefined {
  switch (event.kind) {
    case 'connect': {
      const { arrival, protocol, expiresAt, present, session } = event;
      const payload = {
        ...arrival?.facts(),
        ...(protocol === undefined ? {} : { protocol }),
        ...(expiresAt === undefined ? {} : { expiresAt }),
        ...present,
      };
      return { event: event.kind, payload, session };
    }
    case 'disconnect': {
      const { code, reason = '', departure, present, retryInMs, session } = event;
      const payload = {
        code,
        reason,
        ...departure,
        ...present,
        ...(retryInMs === undefined ? {} : { retryInMs }),
      };
      return { event: event.kind, payload, session };
    }
    case 'refused': {
      const { status, code, told = code, address, origin } = event;
      const payload = { status, error: told, address, ...(origin === undefined ? {} : { origin }) };
      return { event: event.kind, payload, session: undefined };
    }
    case 'failed': {
      const { kind, ...payload } = event;
      return { event: kind, payload, session: undefined };
    }
    case 'expiring':
      return { event: event.kind, payload: { expiresIn: event.expiresIn }, session: event.session };
    case 'renewed': {
      const { identity, expiresAt, session } = event;
      return { event: event.kind, payload: { claims: structuredClone(identity.claims), expiresAt }, session };
    }
    default:
      return undefined;
  }
}
