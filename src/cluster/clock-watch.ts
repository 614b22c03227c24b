/** So far apart clocks are worth a word, in milliseconds; at twice that nothing is taken any more. */
const WORTH_A_WORD_MS = 30_000;

/** Looks whether the clocks of members agree. Times of `nowMs` are monotonic. */
export class ClockWatch {
  readonly #lastsMs: number;
  readonly #told = new Set<string>();
  #offUntilMs = 0;
  #wasOff = false;

  /** @param lastsMs how long a clock that is off counts after it was seen */
  constructor(lastsMs: number) {
    this.#lastsMs = lastsMs;
  }

  /** Whether a member's clock has to be told of: once for each. */
  isNews(instance: string, offMs: number): boolean {
    if (Math.abs(offMs) < WORTH_A_WORD_MS || this.#told.has(instance)) return false;
    this.#told.add(instance);
    return true;
  }

  /** A clock is so far off that nothing is taken from it. */
  seenOff(nowMs: number): void {
    this.#offUntilMs = nowMs + this.#lastsMs;
  }

  isOff(nowMs: number): boolean {
    return nowMs < this.#offUntilMs;
  }

  /** Whether that is another answer than when this was asked before. */
  hasChanged(nowMs: number): boolean {
    const before = this.#wasOff;
    this.#wasOff = this.isOff(nowMs);
    return this.#wasOff !== before;
  }
}
