import type { WebSocket } from 'ws';
import type { Connection } from '../sessions/connection.js';
import { FragmentList } from '../wire/fragment-list.js';

/** A message that waits for its turn; `next` is the one that came after it. */
export class Waiting {
  readonly data: Buffer;
  readonly isBinary: boolean;
  next: Waiting | undefined;

  constructor(data: Buffer, isBinary: boolean) {
    this.data = data;
    this.isBinary = isBinary;
    this.next = undefined;
  }
}

/** Once so many messages or bytes of one connection wait, no more is read from it; what was read already may still come. */
const FULL = { messages: 32, bytes: 64 * 1024 };

/** What one connection has sent and no flow has got yet, the oldest first. */
export class Inbox {
  readonly connection: Connection;
  readonly fragments: FragmentList;
  /** Whose turn is after this one's. */
  next: Inbox | undefined = undefined;
  /** Whether it waits for a turn. */
  inLine = false;
  #first: Waiting | undefined = undefined;
  #last: Waiting | undefined = undefined;
  #messages = 0;
  #bytes = 0;
  #paused = false;

  /** @param socket the connection's */
  constructor(connection: Connection, socket: WebSocket) {
    this.connection = connection;
    this.fragments = new FragmentList(socket);
  }

  get isEmpty(): boolean {
    return this.#first === undefined;
  }

  /** Whether it holds as many messages as it may. */
  get isCrowded(): boolean {
    return this.#messages >= FULL.messages;
  }

  /** Reads no more from the connection while much waits. */
  add(data: Buffer, isBinary: boolean): void {
    const waiting = new Waiting(data, isBinary);
    if (this.#last === undefined) this.#first = waiting;
    else this.#last.next = waiting;
    this.#last = waiting;
    this.#messages += 1;
    this.#bytes += data.length;
    if (this.#paused || (this.#messages < FULL.messages && this.#bytes < FULL.bytes)) return;
    this.#paused = true;
    this.connection.pause();
  }

  /** Takes the oldest message out. */
  take(): Waiting | undefined {
    const first = this.#first;
    if (first === undefined) return undefined;
    this.#first = first.next;
    // what outlives its time in the heap must not keep what came after it
    first.next = undefined;
    this.#messages -= 1;
    this.#bytes -= first.data.length;
    if (this.#first === undefined) this.#emptied();
    return first;
  }

  clear(): void {
    this.#first = undefined;
    this.#messages = 0;
    this.#bytes = 0;
    this.#emptied();
  }

  #emptied(): void {
    this.#last = undefined;
    if (!this.#paused) return;
    this.#paused = false;
    this.connection.resume();
  }
}
