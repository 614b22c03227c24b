import type { EndpointState } from '../../src/events/events.js';
import type { Connected } from '../../src/sessions/registry.js';
import type { ClientEntry, ListenerEntry, Roster } from '../roster.js';
import type { ClientView, ListenerView, LiveView, TenantView } from './protocol.js';

/** How much is told: `counts` leaves out who it is about. */
export type Detail = 'all' | 'counts';

/** Tenants of a listener that are told. */
const MAX_TENANTS = 20;

/**
 * All that the overview shows.
 * @param since milliseconds since the epoch: `at` of the answer before; 0: there was none
 */
export function liveView(
  { listeners, clients, unserved }: Roster,
  since: number,
  detail: Detail,
  now: number = Date.now(),
): LiveView {
  return {
    at: now,
    listeners: [...listeners].flatMap((entry) => listenerView(entry, since, detail, now)),
    clients: [...clients].map(clientView),
    unserved: unserved.view([...listeners].map(({ path }) => path)),
  };
}

function listenerView(entry: ListenerEntry, since: number, detail: Detail, now: number): ListenerView[] {
  const { id, name, path, at, record } = entry;
  if (record === undefined) return [];
  const { kind: state } = at.listener.state;
  const common = { id, name, path, state, reason: reasonOf(at.listener.state), keys: record.keys(now) };
  const refused = record.refused().map((group) => (detail === 'all' ? group : { ...group, address: '' }));
  if (at.kind === 'broken') {
    const series = record.look(since, now, { connections: 0, received: 0, sent: 0 });
    return [{ ...common, connections: 0, tenants: [], tenantCount: 0, series, refused }];
  }
  const { connected, traffic } = at.listener;
  const { size: connections, tenants: tenantCount } = connected;
  const { received, sent } = traffic;
  const series = record.look(since, now, { connections, received: received.messages, sent: sent.messages });
  const tenants = detail === 'all' ? largestTenants(connected, at.options.maxConnections ?? null) : [];
  return [{ ...common, connections, tenants, tenantCount, series, refused }];
}

/** Those with most connections, found without sorting all. */
function largestTenants(connected: Connected, limit: number | null): TenantView[] {
  const largest: TenantView[] = [];
  for (const tenantId of connected.tenantIds()) {
    const connections = connected.countOf(tenantId);
    if (largest.length === MAX_TENANTS && connections <= (largest.at(-1)?.connections ?? 0)) continue;
    const at = largest.findIndex((one) => one.connections < connections);
    largest.splice(at === -1 ? largest.length : at, 0, { tenantId, connections, limit });
    largest.length = Math.min(largest.length, MAX_TENANTS);
  }
  return largest;
}

function clientView({ id, name, url, at, record }: ClientEntry): ClientView {
  const { state } = at.client;
  const { since, nextAttempt } = record;
  return { id, name, url, state: state.kind, reason: reasonOf(state), since, nextAttempt };
}

function reasonOf(state: EndpointState): string {
  if (state.kind === 'misconfigured') return state.code;
  return state.kind === 'failed' ? state.reason : '';
}
