import type { Endpoint, EndpointEvent, EndpointState, Receiver, Session } from '../endpoint/endpoint.js';
import { Receivers } from '../endpoint/receivers.js';
import { SendError } from '../endpoint/send-error.js';
import { ObservedState } from '../events/state.js';
import { encode } from '../wire/message.js';
import { Backoff } from './backoff.js';
import { ClientConnection, type ConnectionEnd, type ConnectionLimits } from './connection.js';
import type { Target } from './open-socket.js';

/** What a client wants somebody to know of. Nothing here quotes a server or a URL. */
export interface ClientReporter {
  /** An outage has begun; told once, however many attempts fail. `reason` is one word. */
  down(reason: string): void;
  /** An outage is over. */
  up(): void;
  /** A receiver threw on a server's message. */
  receiverFailed(error: unknown): void;
}

/** Times in milliseconds, sizes in bytes. */
export interface ClientLimits extends ConnectionLimits {
  /** A connection that stayed open this long was a success: the back-off starts anew after it. */
  readonly stableMs: number;
}

export const CLIENT_LIMITS: ClientLimits = {
  handshakeTimeoutMs: 10_000,
  closeTimeoutMs: 1000, // redeploying waits for it
  maxPayload: 16 * 1024 * 1024,
  maxBufferedBytes: 16 * 1024 * 1024,
  stableMs: 10_000, // longer than a server takes that accepts everybody and then looks at the token
};

/** In milliseconds. */
const BACKOFF = { firstMs: 1000, maxMs: 30_000 };

/** A connection to one server that comes back whenever it is lost, until it is closed. */
export class Client implements Endpoint {
  readonly #target: Target;
  readonly #wholeMessage: boolean;
  readonly #limits: ClientLimits;
  readonly #reporter: ClientReporter;
  readonly #receivers: Receivers;
  readonly #state = new ObservedState();
  readonly #backoff: Backoff;
  #connection: ClientConnection | undefined;
  #retry: NodeJS.Timeout | undefined;
  #openedAtMs = 0;
  #down = false;
  #closed = false;

  /** Connects at once. */
  constructor(
    target: Target,
    wholeMessage: boolean,
    reporter: ClientReporter,
    limits: ClientLimits = CLIENT_LIMITS,
    backoff: Backoff = new Backoff(BACKOFF),
  ) {
    this.#target = target;
    this.#wholeMessage = wholeMessage;
    this.#reporter = reporter;
    this.#limits = limits;
    this.#receivers = new Receivers(wholeMessage, (error) => reporter.receiverFailed(error));
    this.#backoff = backoff;
    this.#connect();
  }

  get state(): EndpointState {
    return this.#state.current;
  }

  attach(receive: Receiver): () => void {
    return this.#receivers.attach(receive);
  }

  observe(observe: (event: EndpointEvent) => void): () => void {
    return this.#state.observe(observe);
  }

  send(message: Readonly<Record<string, unknown>>, done: (error?: Error) => void): void {
    try {
      const outbound = encode(message, this.#wholeMessage);
      if (outbound !== undefined) this.#connected().send(outbound);
    } catch (error) {
      done(error as Error); // encode and send throw nothing else
      return;
    }
    done();
  }

  /** Lets go of the server for good; resolves when no socket and no timer is left. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#retry);
    this.#receivers.close();
    this.#state.close();
    await this.#connection?.close();
  }

  #connected(): ClientConnection {
    if (this.#connection === undefined) throw new SendError('send-not-connected');
    return this.#connection;
  }

  #connect(): void {
    this.#connection = new ClientConnection(this.#target, this.#limits, {
      opened: (session) => this.#opened(session),
      received: (data, isBinary, sender) => this.#receivers.deliver(data, isBinary, sender),
      failed: (session) => this.#state.change({ event: 'error', state: { kind: 'error' }, session }),
      ended: (end) => this.#ended(end),
    });
  }

  #opened(session: Session): void {
    this.#openedAtMs = performance.now();
    this.#state.change({ event: 'connect', state: { kind: 'connected' }, session });
    if (this.#down) this.#reporter.up();
    this.#down = false;
  }

  #ended({ session, reason, closeCode }: ConnectionEnd): void {
    this.#connection = undefined;
    if (this.#closed) return;
    if (session !== undefined && performance.now() - this.#openedAtMs >= this.#limits.stableMs) {
      this.#backoff.reset();
    }
    this.#retry = setTimeout(() => this.#connect(), this.#backoff.next());
    this.#state.change({
      event: session === undefined ? 'error' : 'disconnect',
      state: reason === undefined ? { kind: 'disconnected' } : { kind: 'failed', reason },
      ...(session === undefined ? {} : { session }),
    });
    if (!this.#down) this.#reporter.down(reason ?? String(closeCode));
    this.#down = true;
  }
}
