import { parseArgs } from 'node:util';
import type { Rounds } from './harness/bench.js';

/** How much is measured. */
export interface Plan {
  readonly quick: boolean;
  /** Length of one measurement. */
  readonly ms: number;
  /** How often each measurement is repeated, the peers taking turns. */
  readonly rounds: Rounds;
  /** No measurement begins later than this after the start. */
  readonly budgetMs: number;
}

export interface Options {
  readonly plan: Plan;
  /** Exit with 1 where a goal is missed. */
  readonly goals: boolean;
  readonly suites: readonly string[] | undefined;
  /** Only figures whose name matches. */
  readonly only: RegExp | undefined;
  /** Only these peers. */
  readonly peers: readonly string[] | undefined;
  /** Another checkout of this package, built: how it compares with this one. */
  readonly against: string | undefined;
  /** Where CPU profiles of our server go, one per figure, taken in a repetition that does not count. */
  readonly profile: string | undefined;
}

export const USAGE = `npm run bench -- [options]
  --quick            fewer figures, shorter, within two minutes
  --goals            exit with 1 where a goal is missed by more than the noise
  --suite a,b        only these: handshake echo fan-out tenant memory slow-peer
  --only REGEXP      only figures whose name matches
  --peers a,b        only these: ws ws+jose ws+scan core ours other floor net
  --sittings N       how often all processes are started anew
  --turns N          of each measurement in a sitting
  --ms N             length of one measurement
  --against DIR      beside ours the build in another checkout, as peer "other"
  --profile DIR      CPU profiles of our server, one per figure`;

/** The longest measurement, on a busy machine, then ends within two minutes. */
const QUICK_BUDGET_MS = 95_000;

/** @throws TypeError where an option is unknown */
export function parseOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: 'boolean', default: false },
      goals: { type: 'boolean', default: false },
      suite: { type: 'string' },
      only: { type: 'string' },
      peers: { type: 'string' },
      sittings: { type: 'string' },
      turns: { type: 'string' },
      ms: { type: 'string' },
      against: { type: 'string' },
      profile: { type: 'string' },
    },
  });
  const { quick } = values;
  return {
    plan: {
      quick,
      ms: Number(values.ms ?? (quick ? 300 : 1500)),
      rounds: {
        sittings: Number(values.sittings ?? (quick ? 1 : 2)), // what a process compiled and how, it keeps
        turns: Number(values.turns ?? 3),
        warmUps: quick ? 1 : 2,
      },
      budgetMs: quick ? QUICK_BUDGET_MS : Number.POSITIVE_INFINITY,
    },
    goals: values.goals,
    suites: values.suite?.split(','),
    only: values.only === undefined ? undefined : new RegExp(values.only),
    peers: values.peers?.split(','),
    against: values.against,
    profile: values.profile,
  };
}
