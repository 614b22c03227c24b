import { type RawProperties, readProperties } from './schema.js';
import { someOf } from './some-of.js';

/** What a listener tells of. */
export const LISTENER_EVENTS = ['connect', 'disconnect', 'refused', 'expiring', 'renewed'] as const;

/** What a client tells of. */
export const CLIENT_EVENTS = ['connect', 'disconnect', 'failed'] as const;

export const EVENTS = ['connect', 'disconnect', 'refused', 'failed', 'expiring', 'renewed'] as const;

export type EventName = (typeof EVENTS)[number];

/** The properties of a `websocket-plus event`, besides what it is attached to. */
export const EVENT_SCHEMA = {
  events: someOf('events', EVENTS, {
    initial: ['connect', 'disconnect'],
    check: (events) => (events.length === 0 ? 'events' : undefined),
  }),
};

/**
 * Reads which events a node wants.
 * @throws ConfigurationError
 */
export function parseEventOptions(raw: RawProperties): { readonly events: readonly EventName[] } {
  return readProperties(EVENT_SCHEMA, raw, () => undefined);
}
