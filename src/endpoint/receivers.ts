import type { Session } from '../sessions/session.js';
import { decode } from '../wire/message.js';
import type { MessageHandler } from './endpoint.js';

/** Where a message comes from. */
export interface MessageOrigin {
  /** `msg._session`: a new object each time. */
  session(): Session;
}

/** Who gets the messages of an endpoint's peers. */
export class Receivers {
  readonly #handlers = new Set<MessageHandler>();
  readonly #wholeMessage: boolean;
  readonly #failed: (error: unknown) => void;

  /** @param failed called when a handler throws; the others still get the message */
  constructor(wholeMessage: boolean, failed: (error: unknown) => void) {
    this.#wholeMessage = wholeMessage;
    this.#failed = failed;
  }

  /** @returns detaches */
  attach(handle: MessageHandler): () => void {
    this.#handlers.add(handle);
    return () => this.#handlers.delete(handle);
  }

  /**
   * Gives each handler a message of its own, bytes and session included.
   * @param data the payload of a message as it arrived
   */
  deliver(data: Buffer, isBinary: boolean, origin: MessageOrigin): void {
    let shared = false;
    for (const handle of this.#handlers) {
      const own = shared && isBinary ? Buffer.from(data) : data;
      shared = true;
      try {
        const message = decode(own, isBinary, this.#wholeMessage);
        message._session = origin.session();
        handle(message);
      } catch (error) {
        this.#failed(error);
      }
    }
  }

  close(): void {
    this.#handlers.clear();
  }
}
