import { join, resolve } from 'node:path';
import type { Options, Plan } from '../options.js';
import type { Algorithm, PeerName, PeerSpec } from '../peers/peer-spec.js';
import { addSamples, type Figure, type Sample } from './figure.js';
import type { KeyRing } from './key-material.js';
import { Pair } from './pair.js';
import type { Reporter } from './reporter.js';

export interface Setup {
  readonly peers: readonly PeerName[];
  readonly task: PeerSpec['task'];
  readonly algorithm?: Algorithm;
}

export type Measure = (pair: Pair) => Promise<readonly Sample[]>;

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

  /** Whether a figure was asked for, and there is time for it. */
  wants(name: string): boolean {
    if (this.#options.only?.test(name) === false) return false;
    if (performance.now() < this.plan.budgetMs) return true;
    this.#reporter.note(`no time left for: ${name}`);
    return false;
  }

  /** Starts the peers, all at once beside each other, for as long as `use` takes. A peer that cannot start is left out. */
  async withPeers(
    { peers, task, algorithm = 'HS256' }: Setup,
    use: (pairs: Pair[]) => Promise<void>,
  ): Promise<void> {
    const { against, peers: only } = this.#options;
    const all = peers.flatMap((name) =>
      name === 'ours' && against !== undefined ? [name, 'other' as const] : [name],
    );
    const wanted = all.filter((name) => only?.includes(name) ?? true);
    const started = await Promise.all(
      wanted.map((name) =>
        Pair.start({ name, task, ...this.#packageOf(name) }, this.#keys.material(algorithm)).catch(
          (error: unknown) => {
            this.#reporter.note(`${name} is left out: ${error instanceof Error ? error.message : error}`);
          },
        ),
      ),
    );
    const pairs = started.filter((pair) => pair instanceof Pair);
    try {
      await use(pairs);
    } finally {
      await Promise.all(pairs.map((pair) => pair.stop()));
    }
  }

  /**
   * Measures the peers in turns, after some that do not count, and reports.
   * @param measure resolves with a sample for each of `figures`
   */
  async interleave(
    figures: readonly Pick<Figure, 'name' | 'unit'>[],
    pairs: readonly Pair[],
    measure: Measure,
  ): Promise<void> {
    const measured = figures.map((figure): Figure => ({ ...figure, samples: new Map() }));
    for (let turn = -this.plan.warmUps; turn < this.plan.repetitions; turn++) {
      // each time another one begins: whoever is first may find the machine in another state
      for (const pair of rotated(pairs, turn + this.plan.warmUps)) {
        const samples = await measure(pair);
        if (turn >= 0) addSamples(measured, pair.name, samples);
      }
    }
    for (const figure of measured) this.#reporter.figure(figure);
    await this.#profile(figures[0]?.name ?? '', pairs, measure);
  }

  report(figure: Figure): void {
    this.#reporter.figure(figure);
  }

  #packageOf(name: PeerName): { readonly packageFolder?: string } {
    const { against } = this.#options;
    return name === 'other' && against !== undefined ? { packageFolder: resolve(against) } : {};
  }

  async #profile(name: string, pairs: readonly Pair[], measure: Measure): Promise<void> {
    if (this.#options.profile === undefined) return;
    for (const pair of pairs) {
      await pair.server.call('startProfile');
      await measure(pair);
      const file = `${name}-${pair.name}`.replaceAll(/[^\w+.-]+/g, '_');
      await pair.server.call('stopProfile', join(this.#options.profile, `${file}.cpuprofile`));
    }
  }
}

function rotated<T>(values: readonly T[], by: number): T[] {
  const start = by % Math.max(1, values.length);
  return [...values.slice(start), ...values.slice(0, start)];
}
