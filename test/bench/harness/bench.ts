import { join, resolve } from 'node:path';
import type { Options, Plan } from '../options.js';
import type { Algorithm, PeerName, PeerSpec } from '../peers/peer-spec.js';
import { addSamples, type Figure, type Sample } from './figure.js';
import type { KeyRing } from './key-material.js';
import { Pair } from './pair.js';
import type { Reporter } from './reporter.js';

/** What is measured, of whom, and how. */
export interface Comparison {
  readonly figures: readonly Pick<Figure, 'name' | 'unit'>[];
  readonly peers: readonly PeerName[];
  readonly task: PeerSpec['task'];
  readonly algorithm?: Algorithm;
  /** How often all processes are started anew, turns in each, and turns before them that do not count. */
  readonly rounds?: Rounds;
  /** Done once with each new pair, with all of them at once. */
  prepare(pair: Pair): Promise<void>;
  /** Resolves with a sample for each of the figures. */
  measure(pair: Pair): Promise<readonly Sample[]>;
}

export interface Rounds {
  readonly sittings: number;
  readonly turns: number;
  readonly warmUps: number;
}

/** One run of the bench: what the suites measure with. */
export class Bench {
  readonly plan: Plan;
  readonly #options: Options;
  readonly #keys: KeyRing;
  readonly #reporter: Reporter;

  constructor(options: Options, keys: KeyRing, reporter: Reporter) {
    this.plan = options.plan;
    this.#options = options;
    this.#keys = keys;
    this.#reporter = reporter;
  }

  /** Measures the peers in turns, while all their processes run beside each other, and reports. */
  async compare(comparison: Comparison): Promise<void> {
    const { figures, rounds = this.plan.rounds } = comparison;
    if (!figures.some(({ name }) => this.#wants(name))) return;
    const measured = figures.map((figure): Figure => ({ ...figure, samples: new Map() }));
    for (let sitting = 0; sitting < rounds.sittings; sitting++) {
      const pairs = await this.#startPairs(comparison);
      try {
        await Promise.all(pairs.map((pair) => comparison.prepare(pair)));
        await takeTurns(comparison, rounds, pairs, measured);
        if (sitting === 0) await this.#profile(comparison, pairs);
      } finally {
        await Promise.all(pairs.map((pair) => pair.stop()));
      }
    }
    for (const figure of measured) this.#reporter.figure(figure);
  }

  /** Whether a figure was asked for, and there is time for it. */
  #wants(name: string): boolean {
    if (this.#options.only?.test(name) === false) return false;
    if (performance.now() < this.plan.budgetMs) return true;
    this.#reporter.note(`no time left for: ${name}`);
    return false;
  }

  /** A peer that cannot start is left out. */
  async #startPairs({ peers, task, algorithm = 'HS256' }: Comparison): Promise<Pair[]> {
    const { against, peers: only } = this.#options;
    const all = peers.flatMap((name) =>
      name === 'ours' && against !== undefined ? [name, 'other' as const] : [name],
    );
    const wanted = all.filter((name) => only?.includes(name) ?? true);
    const keys = this.#keys.material(algorithm);
    const leaveOut = (name: PeerName) => (error: unknown) =>
      this.#reporter.note(`${name} is left out: ${error instanceof Error ? error.message : error}`);
    const started = await Promise.all(
      wanted.map((name) => Pair.start({ name, task, ...this.#packageOf(name) }, keys).catch(leaveOut(name))),
    );
    return started.filter((pair) => pair instanceof Pair);
  }

  #packageOf(name: PeerName): { readonly packageFolder?: string } {
    const { against } = this.#options;
    return name === 'other' && against !== undefined ? { packageFolder: resolve(against) } : {};
  }

  /** One more turn, slower for being watched. */
  async #profile({ figures, measure }: Comparison, pairs: readonly Pair[]): Promise<void> {
    if (this.#options.profile === undefined) return;
    for (const pair of pairs.filter(({ name }) => name !== 'floor')) {
      await pair.server.call('startProfile');
      await measure(pair);
      const file = `${figures[0]?.name}-${pair.name}`.replaceAll(/[^\w+.-]+/g, '_');
      await pair.server.call('stopProfile', join(this.#options.profile, `${file}.cpuprofile`));
    }
  }
}

async function takeTurns(
  { measure }: Comparison,
  { turns, warmUps }: Rounds,
  pairs: readonly Pair[],
  figures: readonly Figure[],
): Promise<void> {
  for (let turn = 0; turn < warmUps + turns; turn++) {
    // each time another one begins: whoever is first may find the machine in another state
    for (const pair of rotated(pairs, turn)) {
      const samples = await measure(pair);
      if (turn >= warmUps) addSamples(figures, pair.name, samples);
    }
  }
}

function rotated<T>(values: readonly T[], by: number): T[] {
  const start = by % Math.max(1, values.length);
  return [...values.slice(start), ...values.slice(0, start)];
}
