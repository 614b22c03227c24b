import should from 'should';
import { liveView } from '../../../nodes/live/view.js';
import { type ClusterEntry, type ListenerEntry, Roster } from '../../../nodes/roster.js';
import type { Cluster } from '../../../src/cluster/cluster.js';
import { parseListenerOptions } from '../../../src/config/listener-options.js';
import type { Listener } from '../../../src/listener/listener.js';
import { ListenerRecord } from '../../../src/live/listener-record.js';
import { ListenerCounts } from '../../../src/metrics/listener-counts.js';
import { Connection } from '../../../src/sessions/connection.js';
import { Registry } from '../../../src/sessions/registry.js';
import { Tally } from '../../../src/sessions/traffic.js';
import { verifiedIdentity } from '../../../src/token/identity.js';
import { Hub } from '../../support/cluster/hub.js';
import { ABOUT, Instance } from '../../support/cluster/instance.js';
import { until } from '../../support/cluster/until.js';
import { SECRET } from '../../support/core/tokens.js';

/** The part of a listener that is looked at, with connections that no socket belongs to. */
function crowded(connections: number, tenants: number): Listener {
  const connected = new Registry();
  const socket = { extensions: '', bufferedAmount: 0, on() {} };
  for (let i = 0; i < connections; i += 1) {
    // the first tenants have more than the others
    const tenantId = `t${i < 300 ? i % 3 : i % tenants}`;
    const identity = verifiedIdentity({ sub: `s${i}` }, tenantId);
    const peer = { id: `c${i}`, identity, scope: 'session', address: '192.0.2.1' } as const;
    connected.add(new Connection(socket as never, socket as never, peer, 1));
  }
  const traffic = { received: new Tally(), sent: new Tally() };
  return { state: { kind: 'connected', count: connections }, connected, traffic } as unknown as Listener;
}

function entryOf(listener: Listener, more: object): ListenerEntry {
  const options = parseListenerOptions({ path: '/ws', ...more }, SECRET);
  return {
    id: 'l',
    name: '',
    path: '/ws',
    at: { kind: 'serving', listener, options },
    counts: new ListenerCounts(),
    record: new ListenerRecord(),
  };
}

function rosterWith(listener: Listener): Roster {
  const roster = new Roster();
  roster.listeners.add(entryOf(listener, { maxConnections: '500', enforceLimits: true }));
  return roster;
}

describe('nodes/live/view', () => {
  it('names the 20 largest tenants, the largest first, and says how many there are', () => {
    const [listener] = liveView(rosterWith(crowded(1000, 50)), 0, 'all').listeners;
    const connections = listener?.tenants.map((tenant) => tenant.connections) ?? [];
    should(connections).have.length(20);
    should(connections).eql([...connections].sort((one, other) => other - one));
    should(
      listener?.tenants
        .slice(0, 3)
        .map(({ tenantId }) => tenantId)
        .sort(),
    ).eql(['t0', 't1', 't2']);
    should(listener).match({ tenantCount: 50, connections: 1000 });
    should(listener?.tenants[0]?.limit).equal(500);
  });

  it('takes less than 20 ms where 10,000 connections are of 5,000 tenants', () => {
    const roster = rosterWith(crowded(10_000, 5000));
    const took = [1, 2, 3, 4, 5].map((second) => {
      const startedMs = performance.now();
      liveView(roster, 0, 'all', Date.now() + second * 1000);
      return performance.now() - startedMs;
    });
    should(Math.min(...took)).be.below(20);
  });

  it('shows the instances of a cluster, and how many connections there are on all of them', async () => {
    const hub = new Hub();
    const [here, there] = [await Instance.start(hub.open), await Instance.start(hub.open)];
    try {
      await Promise.all([here.knows(1), there.knows(1)]);
      const peer = await there.server.connect();
      const roster = new Roster();
      roster.clusters.add(working(here.cluster));
      const members = () => liveView(roster, 0, 'all').clusters[0]?.members;
      await until(() => members()?.[0]?.connections === 1);
      should(liveView(roster, 0, 'all').clusters).match([
        { id: 'k', name: 'ours', state: 'up', reason: '', since: 5, members: [ABOUT] },
      ]);
      roster.listeners.add(entryOf(crowded(2, 1), { cluster: 'k' }));
      should(liveView(roster, 0, 'all').listeners[0]).match({ connections: 2, everywhere: 3 });
      await peer.close();
      await there.stop();
      await until(() => members()?.length === 0);
      should(liveView(roster, 0, 'all').listeners[0]?.everywhere).equal(null);
    } finally {
      await here.stop();
    }
  });

  it('says why a cluster does not work', () => {
    const roster = new Roster();
    roster.clusters.add({
      id: 'k',
      name: '',
      at: { kind: 'broken', code: 'cluster-secret' },
      since: () => 5,
    });
    should(liveView(roster, 0, 'all').clusters).eql([
      { id: 'k', name: '', state: 'misconfigured', reason: 'cluster-secret', since: 5, members: [] },
    ]);
  });
});

function working(cluster: Cluster): ClusterEntry {
  return { id: 'k', name: 'ours', at: { kind: 'working', cluster }, since: () => 5 };
}
