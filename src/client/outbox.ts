import type { ClientOptions } from '../config/client-options.js';
import { MAX_QUEUE } from '../config/client-schema.js';
import { Tally } from '../sessions/traffic.js';
import type { OutboundPayload } from '../wire/message.js';
import { SendError } from '../wire/send-error.js';
import type { Line } from './line.js';
import type { Peer } from './peer.js';
import { WaitingMessages } from './waiting-messages.js';

/**
 * How many turns of the event loop messages wait on after a connection was opened. Node-RED takes one from node to node, so
 * that a flow of so many nodes can answer `connect` with what the server wants to hear first.
 */
const TURNS = 8;

/** Told of what becomes of messages that wait. */
export interface OutboxHandlers {
  /** More or fewer wait than before. */
  changed(): void;
  /** One was given up; its `done` is called, too. */
  failed(error: SendError): void;
}

/** What a client has to send: at once, or when there is a connection, in the order in which it came. */
export class Outbox {
  /** What was handed to a socket. */
  readonly sent = new Tally();
  readonly #keeps: boolean;
  readonly #waiting: WaitingMessages | undefined;
  readonly #line: () => Line | undefined;
  readonly #handlers: OutboxHandlers;
  #turn: NodeJS.Immediate | undefined;
  #isClosed = false;

  /** @param maxBytes most that may wait */
  constructor(
    { waiting, takesOver }: Pick<ClientOptions, 'waiting' | 'takesOver'>,
    maxBytes: number,
    line: () => Line | undefined,
    handlers: OutboxHandlers,
  ) {
    const { maxMessages, maxAgeMs } =
      waiting.kind === 'kept' ? waiting : { maxMessages: MAX_QUEUE, maxAgeMs: Number.POSITIVE_INFINITY };
    this.#keeps = waiting.kind === 'kept';
    this.#line = line;
    this.#handlers = handlers;
    if (this.#keeps || takesOver)
      this.#waiting = new WaitingMessages({ maxMessages, maxBytes, maxAgeMs }, () => handlers.changed());
  }

  /** Messages that wait. */
  get count(): number {
    return this.#waiting?.count ?? 0;
  }

  /**
   * @param session what the message says it answers
   * @returns whether it was sent; else `done` is called once that is decided
   * @throws SendError
   */
  send(outbound: OutboundPayload, session: unknown, done: (error?: Error) => void): boolean {
    const line = this.#line();
    const peer = line?.peer;
    if (this.#waiting !== undefined && this.#mustWait(line, session)) {
      this.#waiting.add(outbound, (error) => {
        if (error instanceof SendError) this.#handlers.failed(error);
        done(error);
      });
      return false;
    }
    if (peer === undefined) throw new SendError('send-not-connected');
    this.#hand(peer, outbound);
    return true;
  }

  /** There is a connection, and nothing is on its way on another one. */
  ready(peer: Peer): void {
    if (this.count > 0) this.#afterTurns(TURNS, () => this.#drain(peer));
  }

  /** There is no connection any more. */
  lost(): void {
    clearImmediate(this.#turn);
    if (!this.#keeps) this.#waiting?.giveUp('send-not-connected');
  }

  /** Gives up all that waits, and lets nothing wait any more. */
  close(): void {
    this.#isClosed = true;
    clearImmediate(this.#turn);
    this.#waiting?.giveUp('send-not-connected');
  }

  #mustWait(line: Line | undefined, session: unknown): boolean {
    if (this.#isClosed) return false;
    if (line?.peer === undefined) return this.#keeps;
    // what answers this connection is for nobody else, and may be what the server waits for
    if (line.peer.isOf(session)) return false;
    return line.isTakingOver || this.count > 0;
  }

  #drain(peer: Peer): void {
    const line = this.#line();
    if (line?.peer !== peer || line.isTakingOver) return;
    const isEmpty = this.#waiting?.sendAll((outbound) => this.#hand(peer, outbound)) ?? true;
    if (!isEmpty) peer.onceDrained(() => this.#drain(peer));
  }

  /** @throws SendError */
  #hand(peer: Peer, outbound: OutboundPayload): void {
    this.sent.add(1, peer.send(outbound));
  }

  #afterTurns(turns: number, run: () => void): void {
    clearImmediate(this.#turn);
    this.#turn = setImmediate(() => {
      if (turns === 1) run();
      else this.#afterTurns(turns - 1, run);
    });
  }
}
