import type { Connection } from '../sessions/connection.js';
import type { Recipients } from './recipients.js';

/** Somebody who sees the messages of a listener go by. */
export interface Tap {
  /** A peer has said something that a flow gets. */
  received(from: Connection, data: Buffer, isBinary: boolean): void;
  /** A flow has said something. @param except was left out */
  sent(to: Recipients, data: string | Buffer, isBinary: boolean, except?: Connection): void;
}

/** Who sees the messages of a listener go by. While that is nobody, a message costs one look at `any`. */
export class Taps implements Tap {
  /** Whether there is anybody. */
  any = false;
  readonly #taps = new Set<Tap>();

  /** @returns ends it */
  add(tap: Tap): () => void {
    this.#taps.add(tap);
    this.any = true;
    return () => {
      this.#taps.delete(tap);
      this.any = this.#taps.size > 0;
    };
  }

  received(...message: Parameters<Tap['received']>): void {
    for (const tap of this.#taps) tap.received(...message);
  }

  sent(...message: Parameters<Tap['sent']>): void {
    for (const tap of this.#taps) tap.sent(...message);
  }
}
