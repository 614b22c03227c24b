/** Times in milliseconds. */
export interface BackoffOptions {
  /** Longest wait before the first retry. */
  readonly firstMs: number;
  /** Longest wait of all. */
  readonly maxMs: number;
  /** At least 0, below 1. */
  readonly random?: () => number;
}

/**
 * Exponential back-off with full jitter: each wait is random between nothing and a limit that doubles, so that a thousand
 * clients of a server that went down do not come back in step (Brooker, "Exponential Backoff And Jitter").
 */
export class Backoff {
  readonly #options: BackoffOptions;
  #failures = 0;

  constructor(options: BackoffOptions) {
    this.#options = options;
  }

  /** How long to wait now, in milliseconds. */
  next(): number {
    const waitMs = this.#wait(this.#failures);
    this.#failures += 1;
    return waitMs;
  }

  /** The shortest wait, in milliseconds, after what counts as no failure. */
  shortest(): number {
    return this.#wait(0);
  }

  /** Starts again with the shortest wait. */
  reset(): void {
    this.#failures = 0;
  }

  #wait(failures: number): number {
    const { firstMs, maxMs, random = Math.random } = this.#options;
    return random() * Math.min(maxMs, firstMs * 2 ** failures);
  }
}
