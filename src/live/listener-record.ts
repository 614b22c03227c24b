import type { EndpointEvent } from '../events/events.js';
import { KeyRecord, type KeysView } from './key-record.js';
import { type Counted, Rates } from './rates.js';
import { type RefusalGroup, Refusals } from './refusals.js';

/** The last seconds, one number each; null where nobody looked. */
export type Series = ReturnType<Rates['between']> & { readonly refused: readonly number[] };

/** What is remembered of a listener for whoever looks at it. */
export class ListenerRecord {
  readonly #rates = new Rates();
  readonly #refusals = new Refusals();
  readonly #keys = new KeyRecord();

  /** To be called with each event of the listener. */
  take(event: EndpointEvent): void {
    switch (event.kind) {
      case 'refused':
        this.#refusals.add(event);
        return;
      case 'keys-fetched':
      case 'keys-failed':
        this.#keys.add(event);
    }
  }

  keys(now: number): KeysView | null {
    return this.#keys.view(now);
  }

  /** Newest first. */
  refused(): RefusalGroup[] {
    return this.#refusals.groups();
  }

  /**
   * The seconds that are over now, from the one of `since` on.
   * @param since milliseconds since the epoch: the `now` of the look before; 0: as many as there are
   * @param counted what there is now
   */
  look(since: number, now: number, counted: Counted): Series {
    const [from, to] = [Math.floor(since / 1000), Math.floor(now / 1000)];
    this.#rates.look(to, counted);
    return { ...this.#rates.between(from, to), refused: this.#refusals.between(from, to) };
  }
}
