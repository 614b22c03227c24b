import { setTimeout as wait } from 'node:timers/promises';
import type { Bench } from '../harness/bench.js';
import type { Memory } from '../harness/meter.js';
import type { Measured, Pair } from '../harness/pair.js';

const BYTES = 64;
const WARM_UP_CONNECTIONS = 1000;

/** Node-RED keeps every upgraded socket for 5 s, to see whether somebody answers it (runtime/lib/index.js). */
const SETTLE_MS = 5500;

const FIGURES = ['heap per connection', 'memory per connection', 'heap left per closed connection'].map(
  (name) => ({ name, unit: 'bytes' }),
);

/** What open connections need, and what closed ones leave behind. */
export function memorySuite(bench: Bench): Promise<void> {
  const { quick } = bench.plan;
  const measured = new Map<Pair, readonly Measured[]>();
  return bench.compare({
    // with few connections the rest is more noise than anything else
    figures: quick ? FIGURES.slice(0, 1) : FIGURES,
    peers: ['ws', 'ws+jose', 'core', 'ours'],
    task: 'echo',
    warmUps: 0,
    // memory is no matter of time: all peers at once
    prepare: async (pair) => {
      measured.set(pair, await measure(pair, quick));
    },
    measure: async (pair) => measured.get(pair) ?? [],
  });
}

/** @returns bytes per connection: on the heap and in buffers, resident, on the heap after they are all gone */
async function measure(pair: Pair, quick: boolean): Promise<readonly Measured[]> {
  const { load } = pair;
  const count = quick ? 2000 : 5000;
  // code and pools that any use at all needs, and a young generation as large as it gets
  for (let round = 0; round < 3; round++) {
    await fill(pair, WARM_UP_CONNECTIONS);
    await load.call('close');
  }
  const before = await settled(pair);
  await fill(pair, count);
  const filled = await settled(pair);
  const heap = (filled.heapUsed + filled.external - before.heapUsed - before.external) / count;
  if (quick) return [{ sample: { value: heap } }];
  await load.call('close');
  const after = await settled(pair);
  const resident = (filled.rss - before.rss) / count;
  const left = (after.heapUsed - before.heapUsed) / count;
  return [heap, resident, left].map((value) => ({ sample: { value } }));
}

/** Opens connections and has each say something. */
async function fill({ load, target }: Pair, count: number): Promise<void> {
  await load.call('open', { ...target, count });
  await load.call('echoOnce', { bytes: BYTES, isBinary: false });
}

async function settled({ server }: Pair): Promise<Memory> {
  await wait(SETTLE_MS);
  return server.call('memory');
}
