import type { DrillOptions } from '../options.js';
import type { Instance } from './instance.js';
import type { Ledger } from './ledger.js';
import type { Losses } from './losses.js';
import type { Member, Population } from './population.js';
import type { Talk } from './talk.js';

/** What a round has come to. */
export interface Round {
  readonly name: string;
  /** How often something broke. */
  readonly faults: number;
  readonly losses: Losses;
}

/** Those to whom connections end in a round, and the code with which they do. */
export interface Cut {
  readonly code: number;
  readonly instances: readonly Instance[];
}

/** Rounds in which everybody talks before, while and after something happens; then it is looked at who has heard what. */
export class Rounds {
  readonly done: Round[] = [];
  /** Close codes that were not those expected. */
  readonly surprises: string[] = [];
  /** Connections that ended though nobody cut them. */
  endedByThemselves = 0;
  readonly #options: DrillOptions;
  readonly #population: Population;
  readonly #ledger: Ledger;
  readonly #talk: Talk;
  readonly #say: (line: string) => void;

  constructor(
    options: DrillOptions,
    population: Population,
    ledger: Ledger,
    talk: Talk,
    say: (line: string) => void,
  ) {
    this.#options = options;
    this.#population = population;
    this.#ledger = ledger;
    this.#talk = talk;
    this.#say = say;
  }

  async round(name: string, happen: () => Promise<void>, cut?: Cut): Promise<void> {
    const startedMs = performance.now();
    const { connections, messages } = this.#options;
    await this.#talk.settle(); // whoever has come hears the others
    this.#population.takeEnded();
    this.#ledger.begin();
    const some = Math.ceil((connections * messages) / 4);
    let isOver = false;
    const happened = this.#talk
      .more(some)
      .then(happen)
      .then(() => this.#talk.more(some))
      .finally(() => {
        isOver = true;
      });
    await Promise.all([this.#talk.goOn(() => isOver, connections * messages), happened]);
    await this.#talk.settle();
    const losses = this.#ledger.losses();
    this.done.push({ name, faults: this.#ledger.faults, losses });
    const ended = this.#population.takeEnded().filter(({ isSentAway }) => !isSentAway);
    for (const member of ended) this.#ended(member, cut);
    const tookS = ((performance.now() - startedMs) / 1000).toFixed(1);
    this.#say(`${name}: ${ended.length} cut, lost ${written(losses)}, ${tookS} s`);
  }

  #ended({ peer: { id, closeCode }, run, instance }: Member, cut: Cut | undefined): void {
    if (cut?.instances.includes(instance) !== true) {
      this.endedByThemselves += 1;
      this.#say(`  ${id} on ${run} ended with ${closeCode}`);
    } else if (closeCode !== cut.code) {
      this.surprises.push(`${id} on ${run} was closed with ${closeCode}, not ${cut.code}`);
    }
  }
}

function written(losses: Losses): string {
  return Object.entries(losses)
    .filter(([, { messages }]) => messages > 0)
    .map(([kind, { messages, deliveries }]) => `${kind} ${messages} messages (${deliveries} deliveries)`)
    .join(', ')
    .replace(/^$/, 'nothing');
}
