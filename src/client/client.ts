import type { Endpoint, MessageHandler } from '../endpoint/endpoint.js';
import { Receivers } from '../endpoint/receivers.js';
import type { EndpointEvent, EndpointState } from '../events/events.js';
import { ObservedState } from '../events/state.js';
import type { Session } from '../sessions/session.js';
import { encode } from '../wire/message.js';
import { SendError } from '../wire/send-error.js';
import { Backoff } from './backoff.js';
import { ClientConnection, type ConnectionEnd, type ConnectionLimits } from './connection.js';
import type { Target } from './open-socket.js';

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
  stableMs: 10_000, // longer than a server needs that accepts first and checks the token afterwards
};

/** In milliseconds. */
const BACKOFF = { firstMs: 1000, maxMs: 30_000 };

/** A connection to one server: begun by the first node that uses it, it comes back whenever it is lost, until it is closed. */
export class Client implements Endpoint {
  readonly #target: Target;
  readonly #wholeMessage: boolean;
  readonly #limits: ClientLimits;
  readonly #receivers: Receivers;
  readonly #state = new ObservedState();
  readonly #backoff: Backoff;
  #connection: ClientConnection | undefined;
  #retry: NodeJS.Timeout | undefined;
  #openedAtMs = 0;
  #started = false;
  #down = false;
  #closed = false;

  constructor(
    target: Target,
    wholeMessage: boolean,
    limits: ClientLimits = CLIENT_LIMITS,
    backoff: Backoff = new Backoff(BACKOFF),
  ) {
    this.#target = target;
    this.#wholeMessage = wholeMessage;
    this.#limits = limits;
    this.#receivers = new Receivers(wholeMessage, (error) =>
      this.#state.emit({ kind: 'receive-failed', error }),
    );
    this.#backoff = backoff;
  }

  get state(): EndpointState {
    return this.#state.current;
  }

  /** Connects, the first time. Nodes that come later share the connection, and it outlives them. */
  start(): void {
    if (this.#started || this.#closed) return;
    this.#started = true;
    this.#connect();
  }

  attach(handle: MessageHandler): () => void {
    return this.#receivers.attach(handle);
  }

  observe(observer: (event: EndpointEvent) => void): () => void {
    return this.#state.observe(observer);
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
      received: (data, isBinary, origin) => this.#receivers.deliver(data, isBinary, origin),
      failed: (session) => this.#state.change({ kind: 'error', state: { kind: 'error' }, session }),
      ended: (end) => this.#ended(end),
    });
  }

  #opened(session: Session): void {
    this.#openedAtMs = performance.now();
    this.#state.change({ kind: 'connect', state: { kind: 'connected' }, session });
    if (this.#down) this.#state.emit({ kind: 'outage-over' });
    this.#down = false;
  }

  #ended({ session, reason, closeCode }: ConnectionEnd): void {
    this.#connection = undefined;
    if (this.#closed) return;
    if (session !== undefined && performance.now() - this.#openedAtMs >= this.#limits.stableMs) {
      this.#backoff.reset();
    }
    this.#retry = setTimeout(() => this.#connect(), this.#backoff.next());
    const state: EndpointState = reason === undefined ? { kind: 'disconnected' } : { kind: 'failed', reason };
    this.#state.change(
      session === undefined ? { kind: 'error', state } : { kind: 'disconnect', state, session },
    );
    if (!this.#down) this.#state.emit({ kind: 'outage', reason: reason ?? String(closeCode) });
    this.#down = true;
  }
}
