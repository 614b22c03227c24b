import type { Bench } from '../harness/bench.js';
import { Group } from '../harness/group.js';
import { CLUSTER_PEERS } from './cluster-sends.js';

const BYTES = 1024;

const NAMES = ['here', 'elsewhere'].flatMap((where) => [`p50 to a peer ${where}`, `p99 to a peer ${where}`]);

/** A peer speaks on one instance; one hears it there, another one on another instance. */
export function clusterWay(bench: Bench): Promise<void> {
  return bench.compareWith((...given) => Group.start(2, ...given), {
    figures: NAMES.map((name) => ({ name, unit: 'µs' })),
    peers: CLUSTER_PEERS,
    task: 'tenant',
    prepare: async (group) => {
      await group.load.call('open', { ...group.at(0), count: 2 });
      await group.load.call('open', { ...group.at(1), count: 1 });
      await group.load.call('settle', { audience: 3 });
    },
    measure: async ({ load }) => {
      const { near, far } = await load.call('way', { bytes: BYTES, ms: bench.plan.ms });
      const times = [near.p50Ms, near.p99Ms, far.p50Ms, far.p99Ms];
      return times.map((ms) => ({ sample: { value: ms * 1000 } }));
    },
  });
}
