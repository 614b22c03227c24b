import type { EndpointState } from '../../src/events/events.js';
import type { Connected } from '../../src/sessions/registry.js';
import type { ClientEntry, ClusterEntry, ListenerEntry, Roster } from '../roster.js';
import type { ClientView, ClusterView, ListenerView, LiveView, TenantView } from './protocol.js';

/** How much is told: `counts` leaves out who it is about. */
export type Detail = 'all' | 'counts';

/** Tenants of a listener that are told. */
const MAX_TENANTS = 20;

/**
 * All that the overview shows.
 * @param since milliseconds since the epoch: `at` of the answer before; 0: there was none
 */
export function liveView(
  { listeners, clients, clusters, unserved }: Roster,
  since: number,
  detail: Detail,
  now: number = Date.now(),
): LiveView {
  return {
    at: now,
    listeners: [...listeners].flatMap((entry) => listenerView(entry, clusters, { since, detail, now })),
    clients: [...clients].map(clientView),
    clusters: [...clusters].map(clusterView),
    unserved: unserved.view([...listeners].map(({ path }) => path)),
  };
}

function listenerView(
  entry: ListenerEntry,
  clusters: ReadonlySet<ClusterEntry>,
  { since, detail, now }: { readonly since: number; readonly detail: Detail; readonly now: number },
): ListenerView[] {
  const { id, name, path, at, record } = entry;
  if (record === undefined) return [];
  const { kind: state } = at.listener.state;
  const common = { id, name, path, state, reason: reasonOf(at.listener.state), keys: record.keys(now) };
  const refused = record.refused().map((group) => (detail === 'all' ? group : { ...group, address: '' }));
  if (at.kind === 'broken') {
    const series = record.look(since, now, { connections: 0, received: 0, sent: 0 });
    return [{ ...common, connections: 0, everywhere: null, tenants: [], tenantCount: 0, series, refused }];
  }
  const { connected, traffic } = at.listener;
  const { size: connections, tenants: tenantCount } = connected;
  const { received, sent } = traffic;
  const series = record.look(since, now, { connections, received: received.messages, sent: sent.messages });
  const tenants = detail === 'all' ? largestTenants(connected, at.options.maxConnections ?? null) : [];
  const elsewhere = elsewhereOf(path, at.options.cluster, clusters);
  const everywhere = elsewhere === null ? null : connections + elsewhere;
  return [{ ...common, connections, everywhere, tenants, tenantCount, series, refused }];
}

/** Connections on other instances; null: there are none that are heard. */
function elsewhereOf(
  path: string,
  clusterId: string | undefined,
  clusters: ReadonlySet<ClusterEntry>,
): number | null {
  const at = [...clusters].find(({ id }) => id === clusterId)?.at;
  if (at?.kind !== 'working' || at.cluster.size === 0) return null;
  return at.cluster.connectionsElsewhere(path);
}

function clusterView({ id, name, at, since }: ClusterEntry): ClusterView {
  const common = { id, name, since: since() };
  if (at.kind === 'broken') return { ...common, state: 'misconfigured', reason: at.code, members: [] };
  const { state, members } = at.cluster;
  return { ...common, state: state.kind, reason: state.kind === 'down' ? state.reason : '', members };
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
