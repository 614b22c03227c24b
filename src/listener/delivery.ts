import type { Receivers } from '../endpoint/receivers.js';
import type { Connection } from '../sessions/connection.js';
import type { Inbox } from './inbox.js';

/**
 * How many messages of a listener reach a flow in one turn of the event loop. A poll reads from every socket that has
 * data, so that a thousand messages would be alive at once while Node-RED passes them on by `setImmediate`. V8 takes what
 * survives so often for long-lived, and makes it in the old generation from then on, where it keeps all that hangs on it
 * until the next full collection. The bench shows it as promoted bytes of `echo 1000 x 16 KiB text`: thousands a
 * message without this limit.
 */
const PER_TURN = 32;

/**
 * Gives the messages of a listener's peers to its receivers: one that comes alone at once, of many so many per turn of the
 * event loop, a connection's in their order, and one of each connection before a second of any.
 */
export class Delivery {
  readonly #receivers: Pick<Receivers, 'deliver'>;
  readonly #startTurn = () => this.#turn();
  readonly #handOver = (connection: Connection, data: Buffer, isBinary: boolean) =>
    this.#deliver(connection, data, isBinary);
  #left = PER_TURN;
  /** Set whenever nothing is left of this turn. */
  #nextTurn: NodeJS.Immediate | undefined;
  #first: Inbox | undefined;
  #last: Inbox | undefined;

  constructor(receivers: Pick<Receivers, 'deliver'>) {
    this.#receivers = receivers;
  }

  /** Delivers a message, now or when its turn has come. */
  receive(inbox: Inbox, data: Buffer, isBinary: boolean): void {
    inbox.fragments.reuse();
    if (this.#left > 0 && this.#first === undefined) {
      this.#deliver(inbox.connection, data, isBinary);
      return;
    }
    if (inbox.isCrowded) this.#deliverFrom(inbox);
    inbox.add(data, isBinary);
    this.#lineUp(inbox);
    this.#schedule(); // nothing is left of this turn, or the last one ended with an exception
  }

  /** Delivers now whatever waits of a connection: it has come to its end, which is told next. */
  flush(inbox: Inbox): void {
    while (!inbox.isEmpty) this.#deliverFrom(inbox);
  }

  /** Delivers nothing of what waits. */
  close(): void {
    clearImmediate(this.#nextTurn);
    for (let inbox = this.#shift(); inbox !== undefined; inbox = this.#shift()) inbox.clear();
  }

  #turn(): void {
    this.#nextTurn = undefined;
    this.#left = PER_TURN;
    while (this.#left > 0) {
      const inbox = this.#shift();
      if (inbox === undefined) return;
      this.#deliverFrom(inbox);
      if (!inbox.isEmpty) this.#lineUp(inbox);
    }
  }

  /** Delivers the oldest message of a connection; none, where we have begun to close it meanwhile. */
  #deliverFrom(inbox: Inbox): void {
    if (inbox.connection.closing) inbox.clear();
    else inbox.take(this.#handOver);
  }

  #deliver(connection: Connection, data: Buffer, isBinary: boolean): void {
    this.#left -= 1;
    if (this.#left <= 0) this.#schedule();
    this.#receivers.deliver(data, isBinary, connection);
  }

  #schedule(): void {
    this.#nextTurn ??= setImmediate(this.#startTurn);
  }

  #lineUp(inbox: Inbox): void {
    if (inbox.inLine) return;
    inbox.inLine = true;
    if (this.#last === undefined) this.#first = inbox;
    else this.#last.next = inbox;
    this.#last = inbox;
  }

  #shift(): Inbox | undefined {
    const first = this.#first;
    if (first === undefined) return undefined;
    this.#first = first.next;
    if (this.#first === undefined) this.#last = undefined;
    first.next = undefined;
    first.inLine = false;
    return first;
  }
}
