import type { FlowEntry } from './plan.js';

export type RoutingScope = 'session' | 'tenant' | 'global';

/** What ws accepts by default and so does a built-in listener: nothing that got through before is refused afterwards. */
const BUILT_IN_MAX_PAYLOAD = String(100 * 1024 * 1024);

/**
 * The websocket-plus entry that takes the place of a built-in one: the same id, and every property that both have.
 * Nobody is asked for a token, as before.
 */
export function counterpart(entry: FlowEntry, routingScope: RoutingScope): FlowEntry {
  const type = entry.type.replace('websocket', 'websocket-plus');
  switch (type) {
    case 'websocket-plus-listener':
      return {
        ...entry,
        type,
        jwtValidation: 'none',
        jwksUri: '',
        jwtIssuer: '',
        jwtAudience: '',
        tenantFrom: 'claim',
        tenantClaim: 'tenant_id',
        tenantId: '',
        routingScope,
        timeout: '',
        authExpiry: 'disconnect',
        rateLimit: '',
        maxConnections: '',
        enforceLimits: true,
        maxPayload: BUILT_IN_MAX_PAYLOAD,
      };
    case 'websocket-plus-client':
      return { ...entry, type, authMode: 'none' };
    default:
      // A built-in node that names both uses its client.
      return entry.client ? { ...entry, type, server: '' } : { ...entry, type, client: '' };
  }
}
