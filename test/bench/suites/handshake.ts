import type { Bench } from '../harness/bench.js';
import type { Algorithm, PeerName } from '../peers/peer-spec.js';

interface Case {
  readonly algorithm: Algorithm;
  /** Connections that are there meanwhile. */
  readonly open: number;
  /** Each connection gets a message back before it ends: a whole life. */
  readonly talk: boolean;
}

const CASES: readonly Case[] = [
  { algorithm: 'HS256', open: 0, talk: false },
  { algorithm: 'RS256', open: 0, talk: false },
  { algorithm: 'ES256', open: 0, talk: false },
  { algorithm: 'HS256', open: 0, talk: true },
  { algorithm: 'HS256', open: 9000, talk: false },
];

const PEERS: readonly PeerName[] = ['core', 'ours', 'ws', 'ws+jose', 'socket.io'];

/** Connections in the making at once. */
const CONCURRENCY = 32;

/** Upgrades with a fresh token, and the end of the connection: with nobody else there, and beside many others. */
export async function handshakeSuite(bench: Bench): Promise<void> {
  const { quick } = bench.plan;
  for (const one of quick ? CASES.filter(({ algorithm }) => algorithm === 'HS256') : CASES) {
    await measure(bench, one);
  }
}

function measure(bench: Bench, one: Case): Promise<void> {
  const { algorithm, open, talk } = one;
  return bench.compare({
    figures: [{ name: nameOf(one), unit: talk ? 'connections/s' : 'handshakes/s' }],
    // the peers without a login do the same whatever the algorithm
    peers: PEERS.filter((peer) => algorithm === 'HS256' || peer === 'ws+jose' || peer === 'ours'),
    task: 'echo',
    algorithm,
    prepare: ({ load, target }) => load.call('open', { ...target, count: open }),
    measure: async (pair) => [
      await pair.measure(async () => {
        const options = { ...pair.target, ms: bench.plan.ms, concurrency: CONCURRENCY, talk };
        const { count, elapsedMs } = await pair.load.call('handshakes', options);
        return { operations: count, elapsedMs };
      }),
    ],
  });
}

function nameOf({ algorithm, open, talk }: Case): string {
  if (talk) return `churn ${algorithm}`;
  return `handshake ${algorithm}, ${open === 0 ? 'none' : open} open`;
}
