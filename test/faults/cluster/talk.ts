import { setTimeout as wait } from 'node:timers/promises';
import type { Ledger } from './ledger.js';
import type { Population } from './population.js';

/** What all peers say together in a second, where the machine keeps up. */
const PER_SECOND = 400;

const TICK_MS = 20;

/** Said and not heard by the speaker himself: beyond that, the machine does not keep up, and nobody says more. */
const MOST_WAITING = 400;

/** How long nothing at all may come before the drill gives up, in milliseconds. */
const PATIENCE_MS = 120_000;

/** From one attempt to be heard by all others to the next, in milliseconds, and how many there are. */
const ATTEMPT_MS = 500;
const ATTEMPTS = 240;

/** Has everybody speak in turn, at a pace. */
export class Talk {
  readonly #population: Population;
  readonly #ledger: Ledger;
  /** Instances whose peers say nothing. */
  readonly #silent = new Set<string>();
  /** Instances that are not waited for. */
  readonly #stopped = new Set<string>();
  #turn = 0;
  #said = 0;

  constructor(population: Population, ledger: Ledger) {
    this.#population = population;
    this.#ledger = ledger;
  }

  /** How much has been said, ever. */
  get said(): number {
    return this.#said;
  }

  /** Goes on until `isOver`, and says so much at least. */
  async goOn(isOver: () => boolean, atLeast: number): Promise<void> {
    const enough = this.#said + atLeast;
    while (this.#said < enough || !isOver()) {
      await wait(TICK_MS);
      const waiting = this.#ledger.waiting((run) => !this.#stopped.has(run));
      if (waiting > MOST_WAITING) continue;
      this.#say((PER_SECOND * TICK_MS) / 1000);
    }
  }

  /** Resolves once so much more has been said. */
  async more(count: number): Promise<void> {
    const enough = this.#said + count;
    await this.patiently(() => this.#said >= enough);
  }

  /** Peers of an instance that is stopped speak, and are not waited for. */
  stopped(run: string, isStopped: boolean): void {
    if (isStopped) this.#stopped.add(run);
    else this.#stopped.delete(run);
  }

  /** Nobody on that instance speaks while something happens, and nothing said there is under way. */
  async silently<T>(run: string, happen: () => Promise<T>): Promise<T> {
    this.#silent.add(run);
    try {
      await this.patiently(() => this.#ledger.waiting((one) => one === run) === 0);
      return await happen();
    } finally {
      this.#silent.delete(run);
    }
  }

  /**
   * Waits until all that was said has come, or is known to be lost, because something that was said later has come.
   * @throws Error where somebody hears nothing of an instance, however often something is said there
   */
  async settle(): Promise<void> {
    await this.patiently(() => this.#population.isComplete && this.#ledger.waiting() === 0);
    this.#ledger.mark();
    const members = new Map(this.#population.members.map((member) => [member.id, member]));
    let attempts = 0;
    await this.patiently(() => {
      const unheard = this.#ledger.unheard();
      for (const party of unheard) members.get(party.id)?.peer.say(this.#ledger.say(party));
      attempts += 1;
      if (attempts > ATTEMPTS) throw new Error(`${unheard.length} speakers are not heard by all others`);
      return unheard.length === 0;
    }, ATTEMPT_MS);
    await this.patiently(() => this.#ledger.waiting() === 0);
  }

  /** @throws Error where nothing comes any more, and it is still not so */
  async patiently(isSo: () => boolean, everyMs = TICK_MS): Promise<void> {
    let { delivered } = this.#ledger;
    let movedMs = performance.now();
    while (!isSo()) {
      await wait(everyMs);
      if (delivered !== this.#ledger.delivered) movedMs = performance.now();
      else if (performance.now() - movedMs > PATIENCE_MS) throw new Error(`nothing comes any more: ${isSo}`);
      delivered = this.#ledger.delivered;
    }
  }

  #say(count: number): void {
    const members = this.#population.members.filter(({ run }) => !this.#silent.has(run));
    for (let n = 0; n < Math.min(count, members.length); n += 1) {
      this.#turn += 1;
      const member = members[this.#turn % members.length];
      if (member === undefined || member.isSentAway) continue;
      member.peer.say(this.#ledger.say(member));
      this.#said += 1;
    }
  }
}
