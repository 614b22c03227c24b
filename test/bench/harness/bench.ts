import { join, resolve } from 'node:path';
import type { Options, Plan } from '../options.js';
import { type Algorithm, isOurs, type PeerName, type PeerSpec } from '../peers/peer-spec.js';
import { type Figure, FigureUnderWay, meanOf } from './figure.js';
import { isComparedWith } from './goals.js';
import type { KeyRing } from './key-material.js';
import { type Measured, Pair } from './pair.js';
import type { Reporter } from './reporter.js';

/** What is measured, of whom, and how. */
export interface Comparison {
  readonly figures: readonly Pick<Figure, 'name' | 'unit'>[];
  readonly peers: readonly PeerName[];
  readonly task: PeerSpec['task'];
  readonly algorithm?: Algorithm;
  /** How often `measure` is called before the time that counts; default: once. */
  readonly warmUps?: number;
  /** How often the peers are measured in turns; default: once. Where little is to be seen, what slows one slows all. */
  readonly rounds?: number;
  /** Done once with each new pair, with all of them at once. */
  prepare(pair: Pair): Promise<void>;
  /** Resolves with a measurement for each of the figures, in their order; one may be left out at the end. */
  measure(pair: Pair): Promise<readonly Measured[]>;
}

/** One call of the bench: what the suites measure with. */
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

  /** Measures the peers one after the other, in processes that are new in each run, and reports. */
  async compare(comparison: Comparison): Promise<void> {
    if (!comparison.figures.some(({ name }) => this.#wants(name))) return;
    const figures = comparison.figures.map((figure) => new FigureUnderWay(figure));
    for (let run = 0; run < this.plan.runs; run++) {
      this.#reporter.progress(`${figures[0]?.name}: run ${run + 1} of ${this.plan.runs}`);
      await this.#run(comparison, run, figures);
    }
    for (const figure of figures) this.#reporter.figure(figure);
  }

  /** A process stays in the mode that its first seconds brought about: only new ones tell how often that is the bad one. */
  async #run(comparison: Comparison, run: number, figures: readonly FigureUnderWay[]): Promise<void> {
    const pairs = await this.#startPairs(comparison);
    const taken: (readonly [Pair, readonly Measured[]])[] = [];
    try {
      await Promise.all(pairs.map((pair) => comparison.prepare(pair)));
      for (let round = 0; round < (comparison.rounds ?? 1); round++) {
        const warmUps = round === 0 ? (comparison.warmUps ?? 1) : 0;
        // each time another one begins: whoever is first may find the machine in another state
        for (const pair of rotated(pairs, run + round)) {
          // with no rest before the time that counts: an idle process collects, and may change its mode
          for (let warmUp = 0; warmUp < warmUps; warmUp++) await comparison.measure(pair);
          taken.push([pair, await comparison.measure(pair)]);
        }
      }
      if (run === 0) await this.#profile(comparison, pairs);
    } finally {
      await Promise.all(pairs.map((pair) => pair.stop()));
    }
    for (const pair of pairs) {
      const rounds = taken.filter(([one]) => one === pair).map(([, measured]) => measured);
      for (const [index, figure] of figures.entries()) {
        const measured = rounds.flatMap((round) => round[index] ?? []);
        const samples = await Promise.all(measured.map((one) => pair.withCollections(one)));
        if (samples.length > 0) figure.add(pair.name, run, meanOf(samples));
      }
    }
  }

  /** Whether a figure was asked for, and there is time for it. */
  #wants(name: string): boolean {
    if (this.#options.figure?.test(name) === false) return false;
    if (performance.now() < this.plan.budgetMs) return true;
    this.#reporter.note(`no time left for: ${name}`);
    return false;
  }

  /** A peer that cannot start is left out. @throws Error where it is ours */
  async #startPairs({ figures, peers, task, algorithm = 'HS256' }: Comparison): Promise<Pair[]> {
    const { against, peers: only, node } = this.#options;
    const all = peers.flatMap((name) =>
      name === 'ours' && against !== undefined ? [name, 'other' as const] : [name],
    );
    const { quick } = this.plan;
    const wanted = all
      .filter((name) => only?.includes(name) ?? true)
      .filter(
        (name) => !quick || isOurs(name) || figures.some((figure) => isComparedWith(figure.name, name)),
      );
    const keys = this.#keys.material(algorithm);
    const leaveOut = (name: PeerName) => (error: unknown) => {
      if (name === 'ours' || name === 'ours+operated') throw error;
      this.#reporter.note(`${name} is left out: ${error instanceof Error ? error.message : error}`);
    };
    const started = await Promise.all(
      wanted.map((name) =>
        Pair.start({ name, task, ...this.#packageOf(name) }, keys, node).catch(leaveOut(name)),
      ),
    );
    return started.filter((pair) => pair instanceof Pair);
  }

  #packageOf(name: PeerName): { readonly packageFolder?: string } {
    const { against } = this.#options;
    return name === 'other' && against !== undefined ? { packageFolder: resolve(against) } : {};
  }

  /** One more measurement, slower for being watched. */
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

function rotated<T>(values: readonly T[], by: number): T[] {
  const start = by % Math.max(1, values.length);
  return [...values.slice(start), ...values.slice(0, start)];
}
