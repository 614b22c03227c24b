import type { Bench } from '../harness/bench.js';
import type { PeerName } from '../peers/peer-spec.js';

/** Without a login there are no tenants: here ws+jose keeps an index of them. */
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
  for (const one of CASES) await measure(bench, one);
}

function measure(bench: Bench, { connections, members }: Case): Promise<void> {
  const options = { until: { ms: bench.plan.ms }, bytes: BYTES, depth: DEPTH, audience: members };
  return bench.compare({
    figures: [{ name: `tenant send, ${members} of ${connections}`, unit: 'sends/s' }],
    peers: PEERS,
    task: 'tenant',
    prepare: ({ load, target }) => load.call('open', { ...target, count: connections, first: members }),
    measure: async (pair) => [
      await pair.measure(async () => {
        const { messages, elapsedMs } = await pair.load.call('broadcast', options);
        return { operations: messages, elapsedMs };
      }),
    ],
  });
}
