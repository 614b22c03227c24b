import type { WebSocket } from 'ws';
import type { Connection } from '../sessions/connection.js';
import { FragmentList } from '../wire/fragment-list.js';

/** A message that waits behind another one of its connection. */
class Waiting {
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
  // The oldest, in most cases the only one. Not its Buffer, but what that is made of: whatever a thousand waiting messages
  // keep alive is copied by each scavenge, and the second one promotes it.
  #memory: ArrayBufferLike | undefined = undefined;
  #offset = 0;
  #length = 0;
  #isBinary = false;
  #second: Waiting | undefined = undefined;
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
    return this.#memory === undefined;
  }

  /** Whether it holds as many messages as it may. */
  get isCrowded(): boolean {
    return this.#messages >= FULL.messages;
  }

  /** Reads no more from the connection while much waits. */
  add(data: Buffer, isBinary: boolean): void {
    if (this.#memory === undefined) this.#setOldest(data, isBinary);
    else this.#append(new Waiting(data, isBinary));
    this.#messages += 1;
    this.#bytes += data.length;
    if (this.#paused || (this.#messages < FULL.messages && this.#bytes < FULL.bytes)) return;
    this.#paused = true;
    this.connection.pause();
  }

  /** Takes the oldest message out, if there is one, and hands it to `deliver`. */
  take(deliver: (connection: Connection, data: Buffer, isBinary: boolean) => void): void {
    if (this.#memory === undefined) return;
    const data = Buffer.from(this.#memory, this.#offset, this.#length);
    const isBinary = this.#isBinary;
    this.#messages -= 1;
    this.#bytes -= data.length;
    const second = this.#second;
    if (second === undefined) {
      this.#emptied();
    } else {
      this.#setOldest(second.data, second.isBinary);
      this.#second = second.next;
      // where it has become old in the heap, it would keep what came after it
      second.next = undefined;
    }
    deliver(this.connection, data, isBinary);
  }

  clear(): void {
    this.#second = undefined;
    this.#messages = 0;
    this.#bytes = 0;
    this.#emptied();
  }

  #setOldest({ buffer, byteOffset, length }: Buffer, isBinary: boolean): void {
    this.#memory = buffer;
    this.#offset = byteOffset;
    this.#length = length;
    this.#isBinary = isBinary;
  }

  #append(waiting: Waiting): void {
    if (this.#second === undefined || this.#last === undefined) this.#second = waiting;
    else this.#last.next = waiting;
    this.#last = waiting;
  }

  #emptied(): void {
    this.#memory = undefined;
    this.#last = undefined;
    if (!this.#paused) return;
    this.#paused = false;
    this.connection.resume();
  }
}
