import type { Bench } from '../harness/bench.js';
import type { Measured, Pair } from '../harness/pair.js';
import type { Page } from '../load/poller-service.js';
import { LISTENER } from '../peers/peer-spec.js';

const BYTES = 1024;

/** In each of them the sidebar asks three times and Prometheus once: both as often as they do, or a little more. */
const ROUND_MS = 5000;
const ROUNDS = 4;

/** The two views of the sidebar, three times, and the metrics. */
const ANSWERS = 7;

const LIVE_SESSIONS = 10_000;
const LIVE_TIMES = 20;
const PAGES: readonly Page[] = ['overview', 'sessions', 'metrics'];

/**
 * What operating costs: an echo beside the same while events go to a flow, the live view is open and metrics are read; and
 * how long a look takes where many are connected.
 */
export async function operatedSuite(bench: Bench): Promise<void> {
  if (bench.plan.quick) return;
  for (const connections of [100, 1000]) await measureEcho(bench, connections);
  await measureLooks(bench);
}

function measureEcho(bench: Bench, connections: number): Promise<void> {
  const options = { bytes: BYTES, isBinary: false, ms: ROUND_MS, depth: 1 };
  return bench.compare({
    figures: [{ name: `operated echo ${connections} x 1 KiB`, unit: 'messages/s' }],
    peers: ['ours', 'ours+operated'],
    task: 'echo',
    rounds: ROUNDS,
    prepare: async ({ load, target }) => {
      await load.call('open', { ...target, count: connections });
      await load.call('echoOnce', options);
    },
    measure: async (pair) => {
      const isOperated = pair.name === 'ours+operated';
      if (isOperated) await pair.poller.call('start', polled(pair));
      const measured = await pair.measure(async () => {
        const { count, elapsedMs } = await pair.load.call('echo', options);
        return { operations: count, elapsedMs };
      });
      if (isOperated) expectAnswers(await pair.poller.call('stop'));
      return [measured];
    },
  });
}

function expectAnswers(count: number): void {
  if (count < ANSWERS) throw new Error(`only ${count} answers of the admin API in ${ROUND_MS} ms`);
}

function measureLooks(bench: Bench): Promise<void> {
  return bench.compare({
    figures: PAGES.map((page) => ({ name: `slowest ${page}, ${LIVE_SESSIONS} sessions`, unit: 'ms' })),
    peers: ['ours'],
    task: 'echo',
    prepare: async ({ load, target }) => {
      await load.call('open', { ...target, count: LIVE_SESSIONS });
      await load.call('echoOnce', { bytes: BYTES, isBinary: false });
    },
    measure: looks,
  });
}

async function looks(pair: Pair): Promise<readonly Measured[]> {
  const options = { ...polled(pair), times: LIVE_TIMES, rows: LIVE_SESSIONS };
  const times = await pair.poller.call('time', options);
  return PAGES.map((page) => ({ sample: { value: Math.max(...times[page]) } }));
}

function polled({ target }: Pair): { readonly port: number; readonly listener: string } {
  return { port: target.port, listener: LISTENER };
}
