import { type ClientOptions, checkedUrl } from '../config/client-options.js';
import type { ControlOutcome, ControlRequest } from '../endpoint/control.js';
import type { Endpoint, MessageHandler } from '../endpoint/endpoint.js';
import { Receivers } from '../endpoint/receivers.js';
import type { EndpointEvent, EndpointState } from '../events/events.js';
import { ObservedState } from '../events/state.js';
import { type Amount, Tally } from '../sessions/traffic.js';
import { encode } from '../wire/message.js';
import type { SendError } from '../wire/send-error.js';
import { Backoff } from './backoff.js';
import { controlClient } from './client-control.js';
import { Line } from './line.js';
import { CLIENT_LIMITS, type ClientLimits, type ConnectWish, lineSettings } from './line-settings.js';
import { Outage } from './outage.js';
import { Outbox } from './outbox.js';
import { Report } from './report.js';
import { Retry } from './retry.js';
import type { ClientWorld } from './token-supply.js';

/** A connection to one server: begun by the first node that uses it, it comes back whenever it is lost, until it is closed. */
export class Client implements Endpoint {
  readonly #options: ClientOptions;
  readonly #world: ClientWorld;
  readonly #limits: ClientLimits;
  readonly #receivers: Receivers;
  readonly #state = new ObservedState();
  readonly #sendFailed = ({ code }: SendError) => this.#state.emit({ kind: 'send-failed', code });
  readonly #received = new Tally();
  readonly #retry: Retry;
  readonly #outbox: Outbox;
  readonly #report: Report;
  readonly #outage: Outage;
  readonly #closing = new Set<Promise<void>>();
  #line: Line | undefined;
  #wish: ConnectWish = {};
  #isStarted = false;
  #isClosed = false;

  constructor(
    options: ClientOptions,
    world: ClientWorld,
    limits: ClientLimits = CLIENT_LIMITS,
    backoff: Backoff = new Backoff({ firstMs: limits.firstBackoffMs, maxMs: options.maxBackoffMs }),
  ) {
    this.#options = options;
    this.#world = world;
    this.#limits = limits;
    this.#receivers = new Receivers(options.wholeMessage, (error) =>
      this.#state.emit({ kind: 'receive-failed', error }),
    );
    this.#retry = new Retry(backoff);
    this.#outbox = new Outbox(options, limits.maxBufferedBytes, () => this.#line, {
      changed: () => this.#report.waitingChanged(),
      failed: this.#sendFailed,
    });
    this.#report = new Report(this.#state, () => this.#outbox.count);
    this.#outage = new Outage(limits.stableMs, {
      began: (reason) => this.#state.emit({ kind: 'outage', reason }),
      over: () => this.#state.emit({ kind: 'outage-over' }),
      proved: () => this.#retry.reset(),
    });
  }

  get state(): EndpointState {
    return this.#state.current;
  }

  /** What came from the server and was sent to it, since the client was made. */
  get traffic(): { readonly received: Amount; readonly sent: Amount } {
    return { received: this.#received, sent: this.#outbox.sent };
  }

  /** What is handed to the socket and not sent yet, in bytes. */
  get bufferedBytes(): number {
    return this.#line?.peer?.bufferedBytes ?? 0;
  }

  /** Connects, the first time. Nodes that come later share the connection, and it outlives them. */
  start(): void {
    if (this.#isStarted || this.#isClosed) return;
    this.#isStarted = true;
    if (this.#options.address.kind === 'url') this.#openLine();
    else this.#report.closed(undefined);
  }

  /**
   * Connects now, also where it was to stay closed. What is given stands for what is configured until the client is made
   * anew; with nothing given an open connection stays.
   * @throws ConfigurationError where the URL is none, or there is none
   */
  connect(wish: ConnectWish = {}): void {
    if (this.#isClosed) return;
    const { url, token } = wish;
    if (url !== undefined) checkedUrl(url, this.#options);
    this.#wish = { ...this.#wish, ...wish };
    this.#isStarted = true;
    if (url !== undefined || token !== undefined) this.#letGo();
    this.#openLine();
    if (this.state.kind === 'closed') this.#state.change({ kind: 'state', state: { kind: 'idle' } });
  }

  /** Closes the connection, and stays closed until `connect`. */
  disconnect(): void {
    if (this.#isClosed) return;
    this.#isStarted = true;
    this.#letGo();
    if (this.state.kind !== 'closed') this.#report.closed(undefined);
  }

  attach(handle: MessageHandler): () => void {
    return this.#receivers.attach(handle);
  }

  observe(observer: (event: EndpointEvent) => void): () => void {
    return this.#state.observe(observer);
  }

  send(message: Readonly<Record<string, unknown>>, done: (error?: Error) => void): void {
    try {
      const outbound = encode(message, this.#options.wholeMessage);
      if (outbound !== undefined && !this.#outbox.send(outbound, message._session, done)) return;
    } catch (error) {
      this.#sendFailed(error as SendError); // encode and send throw nothing else
      done(error as SendError);
      return;
    }
    done();
  }

  /** Gives up all messages that wait: the client is about to be closed, while flows still hear of it. */
  giveUpWaiting(): void {
    this.#outbox.close();
  }

  /** There is one peer, and none is fewer. */
  narrowed(): Endpoint['send'] {
    return (message, done) => this.send(message, done);
  }

  control(request: ControlRequest): ControlOutcome {
    return controlClient(this, request);
  }

  /** Lets go of the server for good; resolves when no socket and no timer is left. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#receivers.close();
    this.#letGo();
    this.#state.close();
    this.#report.stop();
    this.#outbox.close();
    await Promise.all(this.#closing);
  }

  /** @throws ConfigurationError */
  #openLine(): void {
    this.#line ??= this.#newLine();
    this.#line.open();
  }

  /** @throws ConfigurationError */
  #newLine(): Line {
    const settings = lineSettings(this.#options, this.#wish, this.#world, this.#limits);
    return new Line(settings, this.#retry, {
      opened: (peer) => {
        this.#outage.opened();
        this.#report.opened(peer);
      },
      received: (data, isBinary, origin) => {
        this.#received.add(1, data.length);
        this.#receivers.deliver(data, isBinary, origin);
      },
      failed: (session) => this.#state.change({ kind: 'error', state: { kind: 'error' }, session }),
      ready: (peer) => this.#outbox.ready(peer),
      renewalFailed: (reason) => this.#state.emit({ kind: 'renewal-failed', reason }),
      lost: () => {
        this.#outage.closed();
        this.#outbox.lost();
      },
      ended: (end, next) => {
        const reason = this.#report.ended(end, next);
        if (next.kind !== 'taken-over') this.#outage.down(reason);
      },
    });
  }

  #letGo(): void {
    const line = this.#line;
    this.#line = undefined;
    this.#outage.stop();
    if (line === undefined) return;
    const { peer } = line;
    const closing = line.close().finally(() => this.#closing.delete(closing));
    this.#closing.add(closing);
    if (peer !== undefined) this.#report.closed(peer);
  }
}
