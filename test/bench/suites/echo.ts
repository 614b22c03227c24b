import type { Bench } from '../harness/bench.js';

interface Shape {
  readonly connections: number;
  readonly bytes: number;
  readonly isBinary: boolean;
}

const SHAPES: readonly Shape[] = [1, 100, 1000].flatMap((connections) =>
  [64, 1024, 65_536].flatMap((bytes) => [false, true].map((isBinary) => ({ connections, bytes, isBinary }))),
);

/** Messages under way on each connection: with one, a single connection measures the way there and back. */
const DEPTH = 1;

/** One round of more than this takes long: it is measured for longer. */
const LARGE_ROUND_BYTES = 10e6;

/** A message through a flow and back, on every connection at once. */
export async function echoSuite(bench: Bench): Promise<void> {
  for (const shape of bench.plan.quick ? SHAPES.filter(isQuick) : SHAPES) await measure(bench, shape);
}

function measure(bench: Bench, { connections, bytes, isBinary }: Shape): Promise<void> {
  const size = bytes < 1024 ? `${bytes} B` : `${bytes / 1024} KiB`;
  const name = `echo ${connections} x ${size} ${isBinary ? 'binary' : 'text'}`;
  const ms = bench.plan.ms * (connections * bytes > LARGE_ROUND_BYTES ? 2 : 1);
  return bench.compare({
    figures: [
      { name, unit: 'messages/s' },
      { name: `${name}, p50`, unit: 'ms' },
      { name: `${name}, p99`, unit: 'ms' },
    ],
    peers: ['ws', 'core', 'ours'],
    task: 'echo',
    prepare: async ({ load, target }) => {
      await load.call('open', { ...target, count: connections });
      await load.call('echoOnce', bytes);
    },
    measure: async (pair) => {
      let latencies = { p50Ms: Number.NaN, p99Ms: Number.NaN };
      const rate = await pair.measure(async () => {
        const result = await pair.load.call('echo', { bytes, isBinary, ms, depth: DEPTH });
        latencies = result;
        return { operations: result.count, elapsedMs: result.elapsedMs };
      });
      return [rate, { value: latencies.p50Ms }, { value: latencies.p99Ms }];
    },
  });
}

/** Those that have goals. */
function isQuick({ connections, bytes, isBinary }: Shape): boolean {
  return !isBinary && (connections === 100 ? bytes === 64 : connections === 1000 && bytes >= 1024);
}
