import type { OutboundPayload } from '../wire/message.js';
import { SendError, type SendErrorCode } from '../wire/send-error.js';

/** Sizes in bytes, times in milliseconds. */
export interface WaitingLimits {
  readonly maxMessages: number;
  readonly maxBytes: number;
  /** Infinity: however old. */
  readonly maxAgeMs: number;
}

/** Called exactly once for each message. */
type Done = (error?: Error) => void;

interface Entry {
  readonly outbound: OutboundPayload;
  readonly bytes: number;
  readonly addedAtMs: number;
  readonly done: Done;
}

/** Gaps at the beginning are closed once there are so many. */
const COMPACT_AT = 1024;

/** Messages that wait for a connection, the oldest first. */
export class WaitingMessages {
  readonly #limits: WaitingLimits;
  readonly #changed: () => void;
  readonly #now: () => number;
  #entries: (Entry | undefined)[] = [];
  #first = 0;
  #bytes = 0;
  #timer: NodeJS.Timeout | undefined;

  /** @param changed called whenever there are more or fewer than before */
  constructor(
    limits: WaitingLimits,
    changed: () => void = () => {},
    now: () => number = () => performance.now(),
  ) {
    this.#limits = limits;
    this.#changed = changed;
    this.#now = now;
  }

  get count(): number {
    return this.#entries.length - this.#first;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Keeps a message; the oldest are given up where there is no room. */
  add(outbound: OutboundPayload, done: Done): void {
    const bytes = Buffer.byteLength(outbound.payload);
    const { maxMessages, maxBytes } = this.#limits;
    if (bytes > maxBytes) {
      done(new SendError('send-too-large'));
      return;
    }
    const givenUp: Entry[] = [];
    while (this.count >= maxMessages || this.#bytes + bytes > maxBytes) {
      const oldest = this.#take();
      if (oldest === undefined) break;
      givenUp.push(oldest);
    }
    this.#entries.push({ outbound, bytes, addedAtMs: this.#now(), done });
    this.#bytes += bytes;
    this.#watch();
    this.#changed();
    for (const entry of givenUp) entry.done(new SendError('send-queue-full'));
  }

  /**
   * Sends all of them, in order.
   * @param send throws a SendError where a message cannot be sent now; it then waits on, and so do those behind it
   * @returns whether none is left
   */
  sendAll(send: (outbound: OutboundPayload) => void): boolean {
    this.expire();
    const before = this.count;
    for (let entry = this.#oldest; entry !== undefined; entry = this.#oldest) {
      try {
        send(entry.outbound);
      } catch (error) {
        if (!(error instanceof SendError)) throw error;
        break;
      }
      this.#take();
      entry.done();
    }
    this.#watch();
    if (this.count !== before) this.#changed();
    return this.count === 0;
  }

  /** Gives up all of them. */
  giveUp(code: SendErrorCode): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const all = this.#entries.slice(this.#first);
    this.#entries = [];
    this.#first = 0;
    this.#bytes = 0;
    for (const entry of all) entry?.done(new SendError(code));
    if (all.length > 0) this.#changed();
  }

  /** Gives up those that have waited too long. */
  expire(): void {
    const limitMs = this.#now() - this.#limits.maxAgeMs;
    const expired: Entry[] = [];
    while ((this.#oldest?.addedAtMs ?? Number.POSITIVE_INFINITY) <= limitMs) {
      const entry = this.#take();
      if (entry !== undefined) expired.push(entry);
    }
    if (expired.length === 0) return;
    this.#changed();
    for (const entry of expired) entry.done(new SendError('send-queue-expired'));
  }

  get #oldest(): Entry | undefined {
    return this.#entries[this.#first];
  }

  #take(): Entry | undefined {
    const entry = this.#oldest;
    if (entry === undefined) return undefined;
    this.#entries[this.#first] = undefined;
    this.#first += 1;
    this.#bytes -= entry.bytes;
    if (this.#first >= COMPACT_AT || this.#first === this.#entries.length) {
      this.#entries.splice(0, this.#first);
      this.#first = 0;
    }
    return entry;
  }

  /** One timer at a time, for the oldest. */
  #watch(): void {
    const oldest = this.#oldest;
    if (oldest === undefined) {
      clearTimeout(this.#timer);
      this.#timer = undefined;
      return;
    }
    if (this.#limits.maxAgeMs === Number.POSITIVE_INFINITY || this.#timer !== undefined) return;
    const leftMs = oldest.addedAtMs + this.#limits.maxAgeMs - this.#now();
    this.#timer = setTimeout(
      () => {
        this.#timer = undefined;
        this.expire();
        this.#watch();
      },
      Math.min(Math.max(1, leftMs), 2 ** 31 - 1),
    );
  }
}
