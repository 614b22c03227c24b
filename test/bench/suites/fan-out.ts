import type { Bench } from '../harness/bench.js';
import type { PeerName } from '../peers/peer-spec.js';

const PEERS: readonly PeerName[] = ['ws', 'core', 'ours', 'floor', 'net'];
const BYTES = 1024;

/** One message to everybody, again and again, and the longest time that the server does nothing else meanwhile. */
export async function fanOutSuite(bench: Bench): Promise<void> {
  for (const audience of bench.plan.quick ? [10_000] : [100, 1000, 10_000]) await measure(bench, audience);
}

function measure(bench: Bench, audience: number): Promise<void> {
  const name = `fan-out to ${audience}`;
  // two at once would be one stall: the second message may be read with the first
  const depth = audience === 10_000 ? 1 : 2;
  const options = { until: { ms: bench.plan.ms }, bytes: BYTES, depth, audience };
  return bench.compare({
    figures: [
      { name, unit: 'deliveries/s' },
      { name: `longest stall, ${name}`, unit: 'ms' },
    ],
    peers: bench.plan.quick ? PEERS.slice(0, 4) : PEERS,
    task: 'broadcast',
    prepare: ({ load, target }) => load.call('open', { ...target, count: audience }),
    measure: async (pair) => {
      await pair.server.call('watchStalls');
      const rate = await pair.measure(async () => {
        const { messages, elapsedMs } = await pair.load.call('broadcast', options);
        return { operations: messages * audience, elapsedMs };
      });
      const stallMs = await pair.server.call('longestStallMs');
      return pair.name === 'floor' ? [rate] : [rate, { sample: { value: stallMs } }];
    },
  });
}
