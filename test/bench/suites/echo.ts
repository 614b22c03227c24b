import type { Bench } from '../harness/bench.js';
import type { Measured, Pair } from '../harness/pair.js';
import type { EchoOptions } from '../load/echo.js';
import type { PeerName } from '../peers/peer-spec.js';

interface Shape {
  readonly connections: number;
  readonly bytes: number;
  readonly isBinary: boolean;
}

const KIB = 1024;
const PEERS: readonly PeerName[] = ['core', 'ours', 'ws', 'ws+jose', 'socket.io'];

/** One connection alone measures the way there and back; with 5,000, twice as many bytes would not tell anything new. */
const SHAPES: readonly Shape[] = [
  { connections: 1, bytes: 64, isBinary: false },
  ...[100, 1000].flatMap((connections) =>
    [64, KIB, 16 * KIB, 64 * KIB].flatMap((bytes) =>
      [false, true].map((isBinary) => ({ connections, bytes, isBinary })),
    ),
  ),
  ...[KIB, 16 * KIB].map((bytes) => ({ connections: 5000, bytes, isBinary: false })),
];

/** Messages under way on each connection. */
const DEPTH = 1;

/** One round of more than this takes long: it is measured for longer. */
const LARGE_ROUND_BYTES = 10e6;

/** A message through a flow and back, on every connection at once. */
export async function echoSuite(bench: Bench): Promise<void> {
  for (const shape of bench.plan.quick ? SHAPES.filter(isQuick) : SHAPES) await measure(bench, shape);
}

function measure(bench: Bench, { connections, bytes, isBinary }: Shape): Promise<void> {
  const size = bytes < KIB ? `${bytes} B` : `${bytes / KIB} KiB`;
  const ms = bench.plan.ms * (connections * bytes > LARGE_ROUND_BYTES ? 2 : 1);
  const options = { bytes, isBinary, ms, depth: DEPTH };
  return bench.compare({
    figures: [{ name: `echo ${connections} x ${size} ${isBinary ? 'binary' : 'text'}`, unit: 'messages/s' }],
    peers: bench.plan.quick ? PEERS.slice(0, 3) : PEERS,
    task: 'echo',
    prepare: async ({ load, target }) => {
      await load.call('open', { ...target, count: connections });
      await load.call('echoOnce', { bytes, isBinary });
    },
    measure: async (pair) => [await echoes(pair, options)],
  });
}

async function echoes(pair: Pair, options: EchoOptions): Promise<Measured> {
  let latencies = {};
  const { sample, ...rest } = await pair.measure(async () => {
    const { count, elapsedMs, ...others } = await pair.load.call('echo', options);
    latencies = others;
    return { operations: count, elapsedMs };
  });
  return { sample: { ...sample, ...latencies }, ...rest };
}

/** Those that have goals. */
function isQuick({ connections, bytes, isBinary }: Shape): boolean {
  return !isBinary && (connections === 100 ? bytes === 64 : connections === 1000 && bytes >= KIB);
}
