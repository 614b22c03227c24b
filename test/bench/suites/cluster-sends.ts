import type { Bench } from '../harness/bench.js';
import { Group } from '../harness/group.js';
import type { Measured } from '../harness/pair.js';
import type { PeerName } from '../peers/peer-spec.js';

export const CLUSTER_PEERS: readonly PeerName[] = ['socket.io', 'ours', 'socket.io sharded'];

interface Case {
  /** Instances beside the one that sends. */
  readonly others: number;
  /** Peers of the tenant on each of them. */
  readonly each: number;
}

const CASES: readonly Case[] = [
  { others: 1, each: 1 },
  { others: 1, each: 11 },
  { others: 3, each: 1 },
];

const BYTES = 1024;

/** Messages under way. */
const DEPTH = 16;

/** Peers of another tenant on every instance, who must hear nothing. */
const STRANGERS = 20;

/** One peer speaks on the first instance; its tenant has peers on others, who hear it. */
export async function clusterSends(bench: Bench): Promise<void> {
  for (const one of CASES) await measure(bench, one);
}

function measure(bench: Bench, { others, each }: Case): Promise<void> {
  const name = `to ${others} other${others === 1 ? '' : 's'} x ${each}`;
  const audience = 1 + others * each;
  return bench.compareWith((...given) => Group.start(1 + others, ...given), {
    figures: [
      { name, unit: 'deliveries/s' },
      { name: `${name}: CPU of the sender`, unit: 'µs a send' },
      { name: `${name}: CPU of an other`, unit: 'µs a send' },
      { name: `${name}: CPU of the broker`, unit: 'µs a send' },
    ],
    peers: CLUSTER_PEERS,
    task: 'tenant',
    prepare: async (group) => {
      const { load, targets } = group;
      await load.call('open', { ...group.at(0), count: 1 });
      for (const target of targets.slice(1)) await load.call('open', { ...target, count: each });
      for (const target of targets) await load.call('open', { ...target, count: STRANGERS, first: 0 });
      await load.call('settle', { audience });
    },
    measure: async (group) => {
      const options = { until: { ms: bench.plan.ms }, bytes: BYTES, depth: DEPTH, audience };
      const cost = await group.cost(() => group.load.call('broadcast', options));
      const { messages, elapsedMs } = cost.result;
      const deliveries = messages * others * each;
      const rate = { value: (deliveries / cost.all) * 1e6, byClock: (deliveries / elapsedMs) * 1000 };
      return [
        { sample: rate },
        ...[cost.first, cost.other, cost.engine].map(
          (micros): Measured => ({ sample: { value: micros / messages } }),
        ),
      ];
    },
  });
}
