import should from 'should';
import { liveView } from '../../../nodes/live/view.js';
import { type ListenerEntry, Roster } from '../../../nodes/roster.js';
import { parseListenerOptions } from '../../../src/config/listener-options.js';
import type { Listener } from '../../../src/listener/listener.js';
import { ListenerRecord } from '../../../src/live/listener-record.js';
import { ListenerCounts } from '../../../src/metrics/listener-counts.js';
import { Connection } from '../../../src/sessions/connection.js';
import { Registry } from '../../../src/sessions/registry.js';
import { Tally } from '../../../src/sessions/traffic.js';
import { verifiedIdentity } from '../../../src/token/identity.js';
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

function rosterWith(listener: Listener): Roster {
  const options = parseListenerOptions({ path: '/ws', maxConnections: '500', enforceLimits: true }, SECRET);
  const entry: ListenerEntry = {
    id: 'l',
    name: '',
    path: '/ws',
    at: { kind: 'serving', listener, options },
    counts: new ListenerCounts(),
    record: new ListenerRecord(),
  };
  const roster = new Roster();
  roster.listeners.add(entry);
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
});
