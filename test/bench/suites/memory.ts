import type { Bench } from '../harness/bench.js';
import type { Sample } from '../harness/figure.js';
import type { Memory } from '../harness/meter.js';
import type { Pair } from '../harness/pair.js';

const BYTES = 64;

const FIGURES = ['heap per connection', 'memory per connection', 'heap left per closed connection'].map(
  (name) => ({ name, unit: 'bytes' }),
);

/** What open connections need, and what closed ones leave behind. */
export function memorySuite(bench: Bench): Promise<void> {
  const { quick } = bench.plan;
  const count = quick ? 3000 : 10_000;
  return bench.compare({
    // with few connections the rest is more noise than anything else
    figures: quick ? FIGURES.slice(0, 1) : FIGURES,
    peers: ['ws', 'ws+jose', 'core', 'ours'],
    task: 'echo',
    rounds: { sittings: quick ? 1 : 3, turns: 1, warmUps: 0 },
    // code and pools that any use at all needs, and young generations as large as they get
    prepare: async (pair) => {
      for (let round = 0; round < 3; round++) await cycle(pair, count / 10);
    },
    measure: (pair) => measure(pair, count),
  });
}

/** @returns bytes per connection: on the heap and in buffers, resident, on the heap after they are all gone */
async function measure(pair: Pair, count: number): Promise<readonly Sample[]> {
  const before = await pair.server.call('memory');
  const filled = await cycle(pair, count);
  const between = await pair.server.call('memory');
  await cycle(pair, count);
  const after = await pair.server.call('memory');
  return [
    { value: (filled.heapUsed + filled.external - before.heapUsed - before.external) / count },
    { value: (filled.rss - before.rss) / count },
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
