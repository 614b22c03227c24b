/** Enough for a 99th percentile; the rest is passed over, evenly. */
const MAX_SAMPLES = 200_000;

/** Durations in milliseconds. */
export class Latencies {
  readonly #samples = new Float64Array(MAX_SAMPLES);
  #seen = 0;
  #kept = 0;
  #step = 1;

  add(ms: number): void {
    if (this.#seen++ % this.#step !== 0) return;
    if (this.#kept === MAX_SAMPLES) this.#halve();
    this.#samples[this.#kept++] = ms;
  }

  percentiles(): { readonly p50Ms: number; readonly p99Ms: number } {
    const sorted = this.#samples.subarray(0, this.#kept).sort();
    const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))] ?? 0;
    return { p50Ms: at(0.5), p99Ms: at(0.99) };
  }

  #halve(): void {
    this.#kept = MAX_SAMPLES / 2;
    for (let index = 0; index < this.#kept; index++) this.#samples[index] = this.#samples[index * 2] ?? 0;
    this.#step *= 2;
  }
}
