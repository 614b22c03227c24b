/**
 * Messages of nobody in the cluster that are read in a millisecond, on average: with some 20 µs for each, a tenth of the event
 * loop's time. A stranger who sends more fills the broker's queue, and not our time.
 */
const PER_MS = 5;

/** Read at once, where there were few before. */
const AT_ONCE = 100;

/** Bounds how much is read that no member has sent, or has sent before. Times are monotonic, in milliseconds. */
export class FloodGuard {
  #left = AT_ONCE;
  #atMs = 0;

  /** One that counts was read. A broker or a bridge may send each of them twice, and that is no flood. */
  genuine(): void {
    this.#left = Math.min(AT_ONCE, this.#left + 1);
  }

  /** One was read that does not count. @returns whether to wait a millisecond before the next is read */
  junk(nowMs: number): boolean {
    this.#left = Math.min(AT_ONCE, this.#left + (nowMs - this.#atMs) * PER_MS) - 1;
    this.#atMs = nowMs;
    return this.#left < 0;
  }
}
