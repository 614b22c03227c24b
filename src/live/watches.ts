import { randomBytes } from 'node:crypto';
import type { Watch, WatchedPart } from './watch.js';

/** Times in milliseconds, for tests to shorten. */
export interface WatchTiming {
  /** Whoever has forgotten it does not watch for ever. */
  readonly maxMs: number;
  /** Nobody has asked for so long: nobody looks. */
  readonly idleMs: number;
}

const TIMING: WatchTiming = { maxMs: 300_000, idleMs: 10_000 };

/** Watches of a runtime at a time. */
const MAX_WATCHES = 8;

/** A part, and whether it was the last. */
export interface WatchAnswer extends WatchedPart {
  readonly ended: boolean;
}

interface Running {
  readonly watch: Watch;
  readonly end: NodeJS.Timeout;
  readonly idle: NodeJS.Timeout;
  readonly detach: () => void;
}

/** There are as many as there may be. */
export class TooManyWatches extends Error {
  readonly code = 'live-watches';

  constructor() {
    super('live-watches');
    this.name = 'TooManyWatches';
  }
}

/** The watches that people have open. Each ends by itself. */
export class Watches {
  readonly #timing: WatchTiming;
  readonly #running = new Map<string, Running>();

  constructor(timing: WatchTiming = TIMING) {
    this.#timing = timing;
  }

  /**
   * Opens one.
   * @param attach makes it see messages, and returns what ends that
   * @returns the ticket that it is asked for with: a secret
   * @throws TooManyWatches
   */
  open(watch: Watch, attach: (watch: Watch) => () => void): string {
    if (this.#running.size >= MAX_WATCHES) throw new TooManyWatches();
    const ticket = randomBytes(16).toString('base64url');
    const end = setTimeout(() => this.#close(ticket), this.#timing.maxMs).unref();
    const idle = setTimeout(() => this.#close(ticket), this.#timing.idleMs).unref();
    this.#running.set(ticket, { watch, end, idle, detach: attach(watch) });
    return ticket;
  }

  /** What came after `after`; of a ticket that has ended, or never was, no more than that. */
  ask(ticket: string, after: number): WatchAnswer {
    const running = this.#running.get(ticket);
    if (running === undefined) return { messages: [], next: after, ended: true };
    running.idle.refresh();
    const { target } = running.watch;
    const ended = target.kind === 'connection' && target.connection.closing;
    if (ended) this.#close(ticket);
    return { ...running.watch.since(after), ended };
  }

  /** Ends all. */
  close(): void {
    for (const ticket of [...this.#running.keys()]) this.#close(ticket);
  }

  #close(ticket: string): void {
    const running = this.#running.get(ticket);
    if (running === undefined) return;
    this.#running.delete(ticket);
    clearTimeout(running.end);
    clearTimeout(running.idle);
    running.detach();
  }
}
