import { decode } from '../wire/message.js';
import type { Receiver, Session } from './endpoint.js';

/** Where a message comes from. */
export interface Sender {
  /** `msg._session`: a new object each time. */
  session(): Session;
}

/** Who gets the messages of an endpoint's peers. */
export class Receivers {
  readonly #receivers = new Set<Receiver>();
  readonly #wholeMessage: boolean;
  readonly #failed: (error: unknown) => void;

  /** @param failed told of a receiver that threw; the others get their message all the same */
  constructor(wholeMessage: boolean, failed: (error: unknown) => void) {
    this.#wholeMessage = wholeMessage;
    this.#failed = failed;
  }

  /** @returns detaches */
  attach(receive: Receiver): () => void {
    this.#receivers.add(receive);
    return () => this.#receivers.delete(receive);
  }

  /**
   * Gives each receiver a message of its own, bytes and session included.
   * @param data the payload of a message as it arrived
   */
  deliver(data: Buffer, isBinary: boolean, sender: Sender): void {
    let shared = false;
    for (const receive of this.#receivers) {
      const own = shared && isBinary ? Buffer.from(data) : data;
      shared = true;
      try {
        const message = decode(own, isBinary, this.#wholeMessage);
        message._session = sender.session();
        receive(message);
      } catch (error) {
        this.#failed(error);
      }
    }
  }

  close(): void {
    this.#receivers.clear();
  }
}
