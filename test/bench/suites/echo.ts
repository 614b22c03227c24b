import type { Bench } from '../harness/bench.js';
import type { Pair } from '../harness/pair.js';
import type { EchoOptions } from '../load/echo.js';

interface Shape {
  readonly bytes: number;
  readonly isBinary: boolean;
}

const SIZES = [64, 1024, 65_536] as const;

/** Messages under way on each connection: with one, a single connection measures the way there and back. */
const DEPTH = 1;

/** A message through a flow and back, on every connection at once. */
export async function echoSuite(bench: Bench): Promise<void> {
  for (const connections of [1, 100, 1000]) {
    const shapes = SIZES.flatMap((bytes) => [false, true].map((isBinary) => ({ bytes, isBinary }))).filter(
      (shape) =>
        bench.wants(nameOf(connections, shape)) && (!bench.plan.quick || isQuick(connections, shape)),
    );
    if (shapes.length === 0) continue;
    await bench.withPeers({ peers: ['ws', 'core', 'ours'], task: 'echo' }, async (pairs) => {
      for (const { load, target } of pairs) {
        await load.call('open', { ...target, count: connections });
        for (const bytes of SIZES) await load.call('echoOnce', bytes);
      }
      for (const shape of shapes) await measure(bench, connections, shape, pairs);
    });
  }
}

async function measure(
  bench: Bench,
  connections: number,
  shape: Shape,
  pairs: readonly Pair[],
): Promise<void> {
  const options: EchoOptions = { ...shape, ms: bench.plan.ms, depth: DEPTH };
  const name = nameOf(connections, shape);
  const figures = [
    { name, unit: 'messages/s' },
    { name: `${name}, p50`, unit: 'ms' },
    { name: `${name}, p99`, unit: 'ms' },
  ];
  await bench.interleave(figures, pairs, async (pair) => {
    let latencies = { p50Ms: Number.NaN, p99Ms: Number.NaN };
    const rate = await pair.measure(async () => {
      const result = await pair.load.call('echo', options);
      latencies = result;
      return { operations: result.count, elapsedMs: result.elapsedMs };
    });
    return [rate, { value: latencies.p50Ms }, { value: latencies.p99Ms }];
  });
}

function nameOf(connections: number, { bytes, isBinary }: Shape): string {
  const size = bytes < 1024 ? `${bytes} B` : `${bytes / 1024} KiB`;
  return `echo ${connections} x ${size} ${isBinary ? 'binary' : 'text'}`;
}

/** Those that have goals. */
function isQuick(connections: number, { bytes, isBinary }: Shape): boolean {
  return !isBinary && (connections === 100 ? bytes === 64 : connections === 1000 && bytes >= 1024);
}
