import type { Bench } from '../harness/bench.js';
import type { Pair } from '../harness/pair.js';

const MESSAGE_BYTES = 65_536;
const OFFERED_BYTES = 100e6;

/** After so much the server's memory is looked at, without garbage: it is what is kept for the peer that counts. */
const PORTION_BYTES = 4e6;

/** How far a server's memory grows while everybody is sent 100 MB and one peer never reads. */
export function slowPeerSuite(bench: Bench): Promise<void> {
  return bench.compare({
    figures: [{ name: 'memory for a peer that never reads', unit: 'bytes' }],
    peers: ['ws', 'core', 'ours'],
    task: 'broadcast',
    warmUps: 0,
    prepare: ({ load, target }) => load.call('open', { ...target, count: 1 }),
    measure: async (pair) => [{ sample: { value: await growth(pair) } }],
  });
}

/** @returns bytes on the heap and in buffers, at the worst moment */
async function growth({ load, server, target }: Pair): Promise<number> {
  const until = { messages: Math.ceil(PORTION_BYTES / MESSAGE_BYTES) };
  const heldAfterPortion = async () => {
    await load.call('broadcast', { until, bytes: MESSAGE_BYTES, depth: 2, audience: 1 });
    const { heapUsed, external } = await server.call('memory');
    return heapUsed + external;
  };
  await heldAfterPortion();
  const before = await heldAfterPortion();
  await load.call('openDeaf', target);
  let most = before;
  for (let offered = 0; offered < OFFERED_BYTES; offered += PORTION_BYTES) {
    most = Math.max(most, await heldAfterPortion());
  }
  return most - before;
}
