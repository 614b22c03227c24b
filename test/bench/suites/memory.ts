import type { Bench } from '../harness/bench.js';
import { addSamples, type Figure, type Sample } from '../harness/figure.js';
import type { Memory } from '../harness/meter.js';
import type { Pair } from '../harness/pair.js';
import type { PeerName } from '../peers/peer-spec.js';

const PEERS: readonly PeerName[] = ['ws', 'ws+jose', 'core', 'ours'];
const BYTES = 64;

/** What open connections need, and what closed ones leave behind; every repetition with processes of its own. */
export async function memorySuite(bench: Bench): Promise<void> {
  const figures = ['memory per connection', 'heap per connection', 'heap left per closed connection'].map(
    (name): Figure => ({ name, unit: 'bytes', samples: new Map() }),
  );
  if (!figures.some(({ name }) => bench.wants(name))) return;
  const count = bench.plan.quick ? 3000 : 10_000;
  for (let turn = 0; turn < (bench.plan.quick ? 1 : 3); turn++) {
    await bench.withPeers({ peers: PEERS, task: 'echo' }, async (pairs) => {
      for (const pair of pairs) {
        addSamples(figures, pair.name, await measure(pair, count));
      }
    });
  }
  for (const figure of figures) bench.report(figure);
}

/** @returns bytes per connection: resident, on the heap and in buffers, on the heap after they are all gone */
async function measure(pair: Pair, count: number): Promise<readonly Sample[]> {
  await cycle(pair, count / 10); // code and pools that any use at all needs
  const before = await pair.server.call('memory');
  const filled = await cycle(pair, count);
  const between = await pair.server.call('memory');
  await cycle(pair, count);
  const after = await pair.server.call('memory');
  return [
    { value: (filled.rss - before.rss) / count },
    { value: (filled.heapUsed + filled.external - before.heapUsed - before.external) / count },
    { value: (after.heapUsed - between.heapUsed) / count },
  ];
}

/** Opens connections, has each say something, and closes them; resolves with what they needed meanwhile. */
async function cycle({ load, server, target }: Pair, count: number): Promise<Memory> {
  await load.call('open', { ...target, count });
  await load.call('echoOnce', BYTES);
  const filled = await server.call('memory');
  await load.call('close');
  return filled;
}
