import type { Bench } from '../harness/bench.js';
import type { Algorithm, PeerName } from '../peers/peer-spec.js';

const ALGORITHMS: readonly Algorithm[] = ['HS256', 'RS256', 'ES256'];
const PEERS: readonly PeerName[] = ['ws', 'ws+jose', 'core', 'ours'];

/** Connections in the making at once. */
const CONCURRENCY = 32;

/** Much of Node-RED has a part in a handshake, and takes long until it is compiled. */
const WARM_UP_MS = 1000;

/** Upgrades with a fresh token, and the end of the connection: with nobody else there, and beside many others. */
export async function handshakeSuite(bench: Bench): Promise<void> {
  for (const open of [0, 9000]) {
    for (const algorithm of bench.plan.quick ? ALGORITHMS.slice(0, 1) : ALGORITHMS) {
      await measure(bench, algorithm, open);
    }
  }
}

function measure(bench: Bench, algorithm: Algorithm, open: number): Promise<void> {
  return bench.compare({
    figures: [{ name: `handshake ${algorithm}, ${open === 0 ? 'none' : open} open`, unit: 'handshakes/s' }],
    // the peers without a login do the same whatever the algorithm
    peers: PEERS.filter((peer) => algorithm === 'HS256' || peer === 'ws+jose' || peer === 'ours'),
    task: 'echo',
    algorithm,
    prepare: async ({ load, target }) => {
      await load.call('open', { ...target, count: open });
      if (open === 0) await load.call('handshakes', { ...target, ms: WARM_UP_MS, concurrency: CONCURRENCY });
    },
    measure: async (pair) => [
      await pair.measure(async () => {
        const options = { ...pair.target, ms: bench.plan.ms, concurrency: CONCURRENCY };
        const { count, elapsedMs } = await pair.load.call('handshakes', options);
        return { operations: count, elapsedMs };
      }),
    ],
  });
}
