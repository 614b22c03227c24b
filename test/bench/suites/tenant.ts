import type { Bench } from '../harness/bench.js';
import type { PeerName } from '../peers/peer-spec.js';

const PEERS: readonly PeerName[] = ['ws+jose', 'ours', 'ws+scan'];
const BYTES = 1024;

/** Messages under way. */
const DEPTH = 2;

interface Case {
  readonly connections: number;
  readonly members: number;
}

const CASES: readonly Case[] = [
  { connections: 10_000, members: 100 },
  { connections: 100, members: 1 },
  { connections: 10_000, members: 1 },
];

/** One message to the connections of a tenant, among those of others. */
export async function tenantSuite(bench: Bench): Promise<void> {
  for (const { connections, members } of CASES) {
    const name = `tenant send, ${members} of ${connections}`;
    if (!bench.wants(name)) continue;
    // without a login there are no tenants: here ws+jose keeps an index of them
    const peers = bench.plan.quick ? PEERS.slice(0, 2) : PEERS;
    await bench.withPeers({ peers, task: 'tenant' }, async (pairs) => {
      await Promise.all(
        pairs.map(({ load, target }) => load.call('open', { ...target, count: connections, first: members })),
      );
      const options = { until: { ms: bench.plan.ms }, bytes: BYTES, depth: DEPTH, audience: members };
      await bench.interleave([{ name, unit: 'sends/s' }], pairs, async (pair) => [
        await pair.measure(async () => {
          const { messages, elapsedMs } = await pair.load.call('broadcast', options);
          return { operations: messages, elapsedMs };
        }),
      ]);
    });
  }
}
