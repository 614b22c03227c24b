import { Deadline, type Due } from '../sessions/deadline.js';
import { Backoff } from './backoff.js';
import { TokenFailure } from './token-failure.js';
import type { Supplied, Token, TokenSupply } from './token-supply.js';

/** The part of a token's life after which a newer one is wanted. */
const PART_OF_LIFE = 0.8;

/** No renewal follows another sooner, whatever lives are said to be, in milliseconds. */
const LEAST_MS = 500;

/** Gets a newer token in time, again and again, while a connection lasts. */
export class Renewal implements Due {
  readonly #tokens: TokenSupply;
  readonly #use: (token: Token) => void;
  readonly #backoff: Backoff;
  #current: Supplied = { kind: 'none' };
  readonly #deadline = new Deadline(this);
  #isAsking = false;

  /** @param use gets a token that is another one than before */
  constructor(tokens: TokenSupply, maxBackoffMs: number, use: (token: Token) => void) {
    this.#tokens = tokens;
    this.#use = use;
    this.#backoff = new Backoff({ firstMs: 1000, maxMs: maxBackoffMs });
  }

  /** This token is in use now, and ends then (milliseconds since the epoch; Infinity: never). */
  began(current: Supplied, sinceMs: number, endsAtMs: number): void {
    this.#current = current;
    this.#backoff.reset();
    this.#deadline.clear();
    // one that ends before it begins says nothing of when
    const isKnown = endsAtMs > sinceMs && endsAtMs !== Number.POSITIVE_INFINITY;
    if (!isKnown || this.#tokens.kind !== 'changing') return;
    this.#wait(sinceMs + (endsAtMs - sinceMs) * PART_OF_LIFE);
  }

  /** A newer token is wanted at once. */
  now(): void {
    if (this.#tokens.kind !== 'changing') return;
    this.#deadline.clear();
    void this.#ask();
  }

  /** The newer token was of no use. @param leastMs how long to leave everybody alone */
  failed(leastMs = 0): void {
    this.#deadline.clear();
    if (this.#current.kind !== 'none') this.#wait(Date.now() + Math.max(leastMs, this.#backoff.next()));
  }

  /** There is no connection now whose token could be renewed. */
  stop(): void {
    this.#current = { kind: 'none' };
    this.#deadline.clear();
  }

  /** The deadline's time has come. */
  due(): void {
    void this.#ask();
  }

  #wait(atMs: number): void {
    this.#deadline.set(Math.max(atMs, Date.now() + LEAST_MS));
  }

  async #ask(): Promise<void> {
    const current = this.#current;
    if (this.#isAsking || current.kind === 'none') return;
    this.#isAsking = true;
    try {
      const token = await this.#tokens.newer(current.text);
      if (this.#current !== current) return; // the connection is gone, or has another one by now
      if (token.kind === 'token' && token.text !== current.text) this.#use(token);
      else this.failed();
    } catch (error) {
      if (this.#current === current) this.failed(error instanceof TokenFailure ? error.retryAfterMs : 0);
    } finally {
      this.#isAsking = false;
    }
  }
}
