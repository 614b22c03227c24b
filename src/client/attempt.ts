import type { TokenPlacement } from '../config/client-schema.js';
import { ClientConnection, type ConnectionLimits } from './connection.js';
import type { ConnectionHandlers } from './connection-handlers.js';
import type { Target } from './open-socket.js';
import { placeToken } from './place-token.js';
import { asTokenFailure } from './token-failure.js';
import type { Supplied } from './token-supply.js';

/** What every attempt of a client has in common. */
export interface AttemptSettings {
  /** Without a token. */
  readonly target: Target;
  readonly placement: TokenPlacement;
  readonly limits: ConnectionLimits;
}

/** One attempt to get a token and to connect with it and, where that succeeds, the connection until its end. */
export class Attempt {
  readonly #settings: AttemptSettings;
  readonly #handlers: ConnectionHandlers;
  #token: Supplied = { kind: 'none' };
  #connection: ClientConnection | undefined;
  #isOver = false;

  /**
   * @param supplied what it is to show
   * @param handlers `ended` is never called before the constructor has returned
   */
  constructor(
    supplied: Supplied | Promise<Supplied>,
    settings: AttemptSettings,
    handlers: ConnectionHandlers,
  ) {
    this.#settings = settings;
    this.#handlers = handlers;
    if (supplied instanceof Promise) this.#await(supplied);
    else this.#connect(supplied);
  }

  /** The token that the server knows, or was shown last. */
  get token(): Supplied {
    return this.#token;
  }

  /** Shows a newer token, where tokens go by message. */
  show(token: Supplied): void {
    this.#token = token;
    if (token.kind === 'token') this.#connection?.show(token.text);
  }

  /** Ends it; resolves when its socket is gone. Nothing that still arrives is delivered. */
  async close(): Promise<void> {
    this.#isOver = true;
    await this.#connection?.close();
  }

  #await(supplied: Promise<Supplied>): void {
    supplied.then(
      (token) => {
        if (!this.#isOver) this.#connect(token);
      },
      (error: unknown) => this.#fail(error),
    );
  }

  #connect(supplied: Supplied): void {
    const { target, placement, limits } = this.#settings;
    this.#token = supplied;
    try {
      const placed = supplied.kind === 'none' ? target : placeToken(target, placement, supplied.text);
      this.#connection = new ClientConnection(placed, limits, this.#handlers);
    } catch (error) {
      queueMicrotask(() => this.#fail(error));
    }
  }

  #fail(error: unknown): void {
    if (this.#isOver) return;
    const { reason, retryAfterMs } = asTokenFailure(error);
    this.#handlers.ended({ reason, retryAfterMs });
  }
}
