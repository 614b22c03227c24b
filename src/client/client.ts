import { ControlError, type ControlOutcome, type ControlRequest } from '../endpoint/control.js';
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
import { MAX_RETRY_AFTER_MS } from './retry-after.js';

/** Times in milliseconds, sizes in bytes. */
export interface ClientLimits extends ConnectionLimits {
  /** A connection that has been open this long is a success: it ends an outage, and the back-off starts anew. */
  readonly stableMs: number;
}

export const CLIENT_LIMITS: ClientLimits = {
  handshakeTimeoutMs: 10_000,
  closeTimeoutMs: 1000, // redeploying waits for it
  maxPayload: 16 * 1024 * 1024,
  maxBufferedBytes: 16 * 1024 * 1024,
  stableMs: 10_000, // longer than a server needs that accepts first and checks the token afterwards
};

/** Close codes that do not tell why: done, none given, and no close frame at all (RFC 6455 §7.4.1). */
const SAYS_NOTHING: readonly (number | undefined)[] = [1000, 1005, 1006, undefined];

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
  /** Counts while a connection is open and has yet to prove itself. */
  #proving: NodeJS.Timeout | undefined;
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

  /** There is one peer, and none is fewer. */
  narrowed(): Endpoint['send'] {
    return (message, done) => this.send(message, done);
  }

  control(_request: ControlRequest): ControlOutcome {
    throw new ControlError('control-unsupported');
  }

  /** Lets go of the server for good; resolves when no socket and no timer is left. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#retry);
    clearTimeout(this.#proving);
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
    this.#proving = setTimeout(() => this.#proved(), this.#limits.stableMs);
    this.#state.change({ kind: 'connect', state: { kind: 'connected' }, session });
  }

  /** The connection lasts: only now is an outage over, because a server may accept first and refuse afterwards. */
  #proved(): void {
    clearTimeout(this.#proving);
    this.#proving = undefined;
    this.#backoff.reset();
    if (this.#down) this.#state.emit({ kind: 'outage-over' });
    this.#down = false;
  }

  #ended({ session, reason, closeCode, retryAfterMs }: ConnectionEnd): void {
    this.#connection = undefined;
    if (this.#closed) return;
    this.#stopProving();
    this.#retry = setTimeout(() => this.#connect(), this.#waitMs(retryAfterMs));
    const state = stateAfter(reason, closeCode);
    this.#state.change(
      session === undefined ? { kind: 'error', state } : { kind: 'disconnect', state, session },
    );
    if (!this.#down) this.#state.emit({ kind: 'outage', reason: reason ?? String(closeCode) });
    this.#down = true;
  }

  /** Not before the server wants it; the back-off comes on top, so that clients that were told the same do not come in step. */
  #waitMs(retryAfterMs = 0): number {
    return Math.min(retryAfterMs + this.#backoff.next(), MAX_RETRY_AFTER_MS);
  }

  #stopProving(): void {
    if (this.#proving === undefined) return;
    // the end may overtake the timer
    if (performance.now() - this.#openedAtMs >= this.#limits.stableMs) this.#proved();
    clearTimeout(this.#proving);
    this.#proving = undefined;
  }
}

function stateAfter(reason: string | undefined, closeCode: number | undefined): EndpointState {
  if (reason !== undefined) return { kind: 'failed', reason };
  return SAYS_NOTHING.includes(closeCode)
    ? { kind: 'disconnected' }
    : { kind: 'failed', reason: String(closeCode) };
}
