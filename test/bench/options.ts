import { parseArgs } from 'node:util';

/** How much is measured. */
export interface Plan {
  readonly quick: boolean;
  /** Length of one measurement. */
  readonly ms: number;
  /** How often all processes are started anew and measured. */
  readonly runs: number;
  /** No measurement begins later than this after the start. */
  readonly budgetMs: number;
}

/** In the order in which they run. */
export const SUITES = [
  'echo',
  'operated',
  'handshake',
  'fan-out',
  'tenant',
  'slow-peer',
  'memory',
  'cluster',
] as const;

export type SuiteName = (typeof SUITES)[number];

/** Those that run where none is named: the others need more than Node.js and a C compiler. */
const USUAL = SUITES.filter((name) => name !== 'cluster');

export interface Options {
  readonly plan: Plan;
  readonly suites: readonly SuiteName[];
  /** Exit with 1 where a goal is missed. */
  readonly goals: boolean;
  /** Only figures whose name matches. */
  readonly figure: RegExp | undefined;
  /** Only these peers. */
  readonly peers: readonly string[] | undefined;
  /** The binary of Node.js that the servers run on. */
  readonly node: string | undefined;
  /** Another checkout of this package, built: how it compares with this one. */
  readonly against: string | undefined;
  /** Where CPU profiles of the servers go, one per figure and peer, taken in a measurement that does not count. */
  readonly profile: string | undefined;
  /** A file that gets every sample, a line of JSON per figure and peer. */
  readonly json: string | undefined;
}

/** In one run the mode is a matter of luck: so many show how often each one comes. */
export const FULL_RUNS = 10;

export const USAGE = `npm run bench -- [options]
  --quick            fewer figures and peers, one run: about two minutes, and no word on the modes
  --goals            exit with 1 where a run misses a goal, or one of ours is in the bad mode
  --suite a,b        only these: ${SUITES.join(' ')}; without it all but cluster,
                     which needs Linux, Mosquitto and HAProxy, and redis-server for socket.io
  --figure REGEXP    only figures whose name matches
  --peers a,b        only these: ws ws+jose ws+scan socket.io core ours ours+operated other floor net;
                     in a cluster also: "socket.io sharded", "ours alone"
  --runs N           with new processes each, default ${FULL_RUNS}
  --ms N             length of one measurement, default 2000; as long before it to warm up
  --node PATH        the Node.js that servers run on; 22 or 24: from the npm registry, kept in .cache
  --against DIR      beside ours the build in another checkout, as peer "other"
  --profile DIR      CPU profiles of the servers, one per figure and peer
  --json FILE        every sample, a line of JSON per figure and peer

A run of an echo takes about 30 s with all its peers, 15 s with --peers core,ours; everything takes three to four hours.
A run of cluster takes three minutes.`;

/** The longest measurement, on a busy machine, then ends within two minutes. */
const QUICK_BUDGET_MS = 95_000;

/** @throws TypeError where an option or a suite is unknown, or no number where it is to be one */
export function parseOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: 'boolean', default: false },
      goals: { type: 'boolean', default: false },
      suite: { type: 'string' },
      figure: { type: 'string' },
      peers: { type: 'string' },
      runs: { type: 'string' },
      ms: { type: 'string' },
      node: { type: 'string' },
      against: { type: 'string' },
      profile: { type: 'string' },
      json: { type: 'string' },
    },
  });
  const { quick, goals, node, against, profile, json } = values;
  return {
    plan: {
      quick,
      ms: count('ms', values.ms, quick ? 1000 : 2000),
      runs: count('runs', values.runs, quick ? 1 : FULL_RUNS),
      budgetMs: quick ? QUICK_BUDGET_MS : Number.POSITIVE_INFINITY,
    },
    suites: values.suite === undefined ? USUAL : suitesOf(values.suite),
    goals,
    figure: values.figure === undefined ? undefined : new RegExp(values.figure),
    peers: values.peers?.split(','),
    node,
    against,
    profile,
    json,
  };
}

function suitesOf(text: string): readonly SuiteName[] {
  const wanted = text.split(',');
  const unknown = wanted.find((name) => !SUITES.some((suite) => suite === name));
  if (unknown !== undefined) throw new TypeError(`no such suite: ${unknown}`);
  return SUITES.filter((name) => wanted.includes(name));
}

function count(name: string, text: string | undefined, otherwise: number): number {
  const number = text === undefined ? otherwise : Number(text);
  if (Number.isSafeInteger(number) && number > 0) return number;
  throw new TypeError(`--${name} is to be a positive integer`);
}
