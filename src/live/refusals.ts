import type { EndpointEvent } from '../events/events.js';
import { secondsBetween } from './rates.js';
import { SecondRing } from './second-ring.js';

type Refused = Extract<EndpointEvent, { kind: 'refused' }>;

/** Refusals of one listener that have everything but the peer in common. */
export interface RefusalGroup {
  /** The most exact word there is: what is wrong with a token or with the listener, else the code. */
  readonly cause: string;
  /** The word that the peer was told. */
  readonly code: string;
  /** HTTP status. */
  readonly status: number;
  readonly count: number;
  /** When the last one was, in milliseconds since the epoch. */
  readonly last: number;
  /** Of the last one's peer. */
  readonly address: string;
}

/** Groups of one listener. The user's own code chooses statuses and words, so that there may be more. */
const MAX_GROUPS = 64;

/** What was refused lately, in groups; always recorded, because it is rare and there is nobody to ask afterwards. */
export class Refusals {
  /** The one with the oldest refusal first. */
  readonly #groups = new Map<string, RefusalGroup>();
  readonly #seconds = new SecondRing();

  add({ code, told, status, because, problem, address }: Refused, now: number = Date.now()): void {
    const word = told ?? code;
    const cause = because?.cause ?? problem ?? code;
    const key = `${status} ${word} ${cause}`;
    const count = (this.#groups.get(key)?.count ?? 0) + 1;
    this.#groups.delete(key);
    this.#groups.set(key, { cause, code: word, status, count, last: now, address });
    const [oldest] = this.#groups.keys();
    if (this.#groups.size > MAX_GROUPS && oldest !== undefined) this.#groups.delete(oldest);
    this.#seconds.add(Math.floor(now / 1000), 1);
  }

  /** Newest first. */
  groups(): RefusalGroup[] {
    return [...this.#groups.values()].reverse();
  }

  /** How many there were in each of the seconds from `from` to before `to`. */
  between(from: number, to: number): number[] {
    return secondsBetween(from, to).map((second) => this.#seconds.at(second) ?? 0);
  }
}
