import { parseArgs } from 'node:util';

/** How much is measured. */
export interface Plan {
  readonly quick: boolean;
  /** Repetitions of each measurement, the peers taking turns. */
  readonly repetitions: number;
  /** Length of one measurement. */
  readonly ms: number;
  /** Turns that do not count: code gets compiled, pools and buffers grow. */
  readonly warmUps: number;
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
  --repetitions N    of each measurement
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
      repetitions: { type: 'string' },
      ms: { type: 'string' },
      against: { type: 'string' },
      profile: { type: 'string' },
    },
  });
  const { quick } = values;
  return {
    plan: {
      quick,
      repetitions: Number(values.repetitions ?? (quick ? 3 : 5)),
      ms: Number(values.ms ?? (quick ? 400 : 1500)),
      warmUps: quick ? 1 : 2,
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
