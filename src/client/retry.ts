import type { Backoff } from './backoff.js';
import type { ConnectionEnd } from './connection-end.js';
import { MAX_RETRY_AFTER_MS } from './retry-after.js';

/** RFC 6455 §7.4.2: as listeners of this package close, and many another server. */
const NOT_WITH_THIS_TOKEN: readonly (number | undefined)[] = [4401, 4403];

/** The registry of close codes that RFC 6455 §11.7 set up: service restart, try again later. */
const COMES_BACK: readonly (number | undefined)[] = [1012, 1013];

/** Shortest wait after a token was not taken, in milliseconds: the next one may be better, or is the same again. */
const REFUSED_MS = { changing: 5000, same: 60_000 };

/** How long a client waits before it tries again. */
export class Retry {
  readonly #backoff: Backoff;
  /** Whether the latest end was a restart: one is expected, a row of them is a failure. */
  #restarted = false;

  constructor(backoff: Backoff) {
    this.#backoff = backoff;
  }

  /**
   * In milliseconds. Not before the server wants it; the back-off comes on top, so that clients that were told the same do
   * not come in step.
   * @param showsSame whether the next attempt shows the same token again
   */
  waitMs({ closeCode, retryAfterMs = 0 }: ConnectionEnd, showsSame: boolean): number {
    if (COMES_BACK.includes(closeCode) && !this.#restarted) {
      this.#restarted = true;
      return this.#backoff.shortest();
    }
    const backoffMs = this.#backoff.next();
    const isRefused = NOT_WITH_THIS_TOKEN.includes(closeCode);
    const leastMs = isRefused ? REFUSED_MS[showsSame ? 'same' : 'changing'] : retryAfterMs;
    return Math.max(backoffMs, Math.min(leastMs + backoffMs, MAX_RETRY_AFTER_MS));
  }

  /** A connection has lasted. */
  reset(): void {
    this.#restarted = false;
    this.#backoff.reset();
  }
}
