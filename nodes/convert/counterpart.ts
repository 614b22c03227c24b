import { CLIENT_SCHEMA } from '../../src/config/client-schema.js';
import { LISTENER_SCHEMA, type RoutingScope } from '../../src/config/listener-schema.js';
import { OUT_SCHEMA } from '../../src/config/out-options.js';
import { initialValues } from '../../src/config/schema.js';
import type { FlowEntry } from './flow-entry.js';

/** What ws accepts by default and so do built-in listeners and clients: nothing that got through before is refused afterwards. */
const BUILT_IN_MAX_PAYLOAD = String(100 * 1024 * 1024);

/**
 * The websocket-plus entry that takes the place of a built-in one: the same id, every property that both have, and what a
 * new node has of the others. Nobody is asked for a token, as before.
 */
export function counterpart(entry: FlowEntry, routingScope: RoutingScope): FlowEntry {
  const type = entry.type.replace('websocket', 'websocket-plus');
  switch (type) {
    case 'websocket-plus-listener':
      return {
        ...initialValues(LISTENER_SCHEMA),
        ...entry,
        type,
        jwtValidation: 'none',
        routingScope,
        maxPayload: BUILT_IN_MAX_PAYLOAD,
      };
    case 'websocket-plus-client':
      return {
        ...initialValues(CLIENT_SCHEMA),
        ...entry,
        type,
        authMode: 'none',
        maxPayload: BUILT_IN_MAX_PAYLOAD,
      };
    default:
      // A built-in node that names both uses its client.
      return { ...initialOf(type), ...entry, type, ...(entry.client ? { server: '' } : { client: '' }) };
  }
}

function initialOf(type: string): Partial<FlowEntry> {
  return type === 'websocket-plus out' ? initialValues(OUT_SCHEMA) : {};
}
