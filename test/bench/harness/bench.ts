import { join, resolve } from 'node:path';
import type { Options, Plan } from '../options.js';
import { type Algorithm, isOurs, type PeerName, type PeerSpec } from '../peers/peer-spec.js';
import { type Figure, FigureUnderWay, meanOf } from './figure.js';
import { isComparedWith } from './goals.js';
import type { KeyMaterial, KeyRing } from './key-material.js';
import { type Measured, Pair, type Subject } from './pair.js';
import type { Reporter } from './reporter.js';

/** What is measured, of whom, and how. */
export interface Comparison<S extends Subject = Pair> {
  readonly figures: readonly Pick<Figure, 'name' | 'unit'>[];
  readonly peers: readonly PeerName[];
  readonly task: PeerSpec['task'];
  readonly algorithm?: Algorithm;
  /** How often `measure` is called before the time that counts; default: once. */
  readonly warmUps?: number;
  /** How often the peers are measured in turns; default: once. Where little is to be seen, what slows one slows all. */
  readonly rounds?: number;
  /** Done once with each new pair, with all of them at once. */
  prepare(subject: S): Promise<void>;
  /** Resolves with a measurement for each of the figures, in their order; one may be left out at the end. */
  measure(subject: S): Promise<readonly Measured[]>;
}

/** Starts whoever is measured, as `Pair.start` does. */
export type Start<S> = (
  spec: Omit<PeerSpec, 'keys'>,
  keys: KeyMaterial,
  node: string | undefined,
) => Promise<S>;

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
  compare(comparison: Comparison): Promise<void> {
    return this.compareWith(Pair.start, comparison);
  }

  /** The same of more than a server and its load generator. */
  async compareWith<S extends Subject>(start: Start<S>, comparison: Comparison<S>): Promise<void> {
    if (!comparison.figures.some(({ name }) => this.#wants(name))) return;
    const figures = comparison.figures.map((figure) => new FigureUnderWay(figure));
    for (let run = 0; run < this.plan.runs; run++) {
      this.#reporter.progress(`${figures[0]?.name}: run ${run + 1} of ${this.plan.runs}`);
      await this.#run(start, comparison, run, figures);
    }
    for (const figure of figures) this.#reporter.figure(figure);
  }

  /** A process stays in the mode that its first seconds brought about: only new ones tell how often that is the bad one. */
  async #run<S extends Subject>(
    start: Start<S>,
    comparison: Comparison<S>,
    run: number,
    figures: readonly FigureUnderWay[],
  ): Promise<void> {
    const pairs = await this.#startAll(start, comparison);
    const taken: (readonly [S, readonly Measured[]])[] = [];
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
  async #startAll<S extends Subject>(
    start: Start<S>,
    { figures, peers, task, algorithm = 'HS256' }: Comparison<S>,
  ): Promise<S[]> {
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
      return undefined;
    };
    const started = await Promise.all(
      wanted.map((name) => start({ name, task, ...this.#packageOf(name) }, keys, node).catch(leaveOut(name))),
    );
    return started.filter((subject) => subject !== undefined);
  }

  #packageOf(name: PeerName): { readonly packageFolder?: string } {
    const { against } = this.#options;
    return name === 'other' && against !== undefined ? { packageFolder: resolve(against) } : {};
  }

  /** One more measurement, slower for being watched. */
  async #profile<S extends Subject>(
    { figures, measure }: Comparison<S>,
    subjects: readonly S[],
  ): Promise<void> {
    const { profile } = this.#options;
    if (profile === undefined) return;
    for (const subject of subjects.filter(({ name }) => name !== 'floor')) {
      await Promise.all(subject.servers.map((server) => server.call('startProfile')));
      await measure(subject);
      for (const [index, server] of subject.servers.entries()) {
        const number = index === 0 ? '' : `-${index + 1}`;
        const file = `${figures[0]?.name}-${subject.name}`.replaceAll(/[^\w+.-]+/g, '_');
        await server.call('stopProfile', join(profile, `${file}${number}.cpuprofile`));
      }
    }
  }
}

function rotated<T>(values: readonly T[], by: number): T[] {
  const start = by % Math.max(1, values.length);
  return [...values.slice(start), ...values.slice(0, start)];
}
