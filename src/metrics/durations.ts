/**
 * Upper bounds of the buckets, in seconds: a handshake with a shared secret takes less than a millisecond, one that waits
 * for a fetch of keys up to four seconds.
 */
export const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5] as const;

/** How long something took, how often: a histogram of plain numbers. */
export class Durations {
  readonly #counts = BUCKETS.map(() => 0);
  #count = 0;
  #sum = 0;

  add(seconds: number): void {
    const at = BUCKETS.findIndex((bound) => seconds <= bound);
    if (at !== -1) this.#counts[at] = (this.#counts[at] ?? 0) + 1;
    this.#count += 1;
    this.#sum += seconds;
  }

  get count(): number {
    return this.#count;
  }

  /** In seconds. */
  get sum(): number {
    return this.#sum;
  }

  /** How many took no longer than each bound. */
  cumulative(): number[] {
    let sofar = 0;
    return this.#counts.map((count) => {
      sofar += count;
      return sofar;
    });
  }
}
