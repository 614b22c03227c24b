import { SECONDS, SecondRing } from './second-ring.js';

/** What is counted of a listener; messages since it was made. */
export interface Counted {
  readonly connections: number;
  readonly received: number;
  readonly sent: number;
}

/** Older than this and the amounts in between say nothing about the last minute: nobody has looked. */
const FORGET_AFTER_SECONDS = 10;

/**
 * How many connections there were in each of the last seconds, and how many messages. Nothing is measured by itself: each look
 * adds what has come since the one before, evenly to the seconds in between.
 */
export class Rates {
  readonly #connections = new SecondRing();
  readonly #received = new SecondRing();
  readonly #sent = new SecondRing();
  #last: (Counted & { readonly second: number }) | undefined;

  /** @param second since the epoch: what is counted belongs to those before it */
  look(second: number, counted: Counted): void {
    const last = this.#last;
    const passed = last === undefined ? 0 : second - last.second;
    if (last !== undefined && passed === 0) return; // somebody else has looked
    this.#last = { ...counted, second };
    if (last === undefined || passed < 0 || passed > FORGET_AFTER_SECONDS) return;
    for (let one = last.second; one < second; one += 1) {
      this.#connections.set(one, counted.connections);
      this.#received.set(one, (counted.received - last.received) / passed);
      this.#sent.set(one, (counted.sent - last.sent) / passed);
    }
  }

  /** Of the seconds from `from` to before `to`; null where nobody looked. */
  between(from: number, to: number): Readonly<Record<keyof Counted, (number | null)[]>> {
    const seconds = secondsBetween(from, to);
    const of = (ring: SecondRing) => seconds.map((second) => ring.at(second) ?? null);
    return { connections: of(this.#connections), received: of(this.#received), sent: of(this.#sent) };
  }
}

/** Those from `from` to before `to` that may be remembered. */
export function secondsBetween(from: number, to: number): number[] {
  const first = Math.max(from, to - SECONDS + 1);
  return Array.from({ length: Math.max(0, to - first) }, (_none, index) => first + index);
}
