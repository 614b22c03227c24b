/** What is counted under when the last place is taken. */
const OTHER = 'other';

/** Counts by a word. Words that a peer or a server may choose are bounded: each is a time series for as long as we run. */
export class BoundedCounts {
  readonly #max: number;
  readonly #counts: Map<string, number>;

  /**
   * @param max different words; more are counted as `other`
   * @param expected words that are there from the beginning: of a series that begins with 1, no increase is seen
   */
  constructor(max: number, expected: readonly string[] = []) {
    this.#max = max;
    this.#counts = new Map(expected.map((word) => [word, 0]));
  }

  add(word: string): void {
    const known = this.#counts.has(word) || this.#counts.size < this.#max;
    const key = known ? word : OTHER;
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
  }

  entries(): Iterable<[word: string, count: number]> {
    return this.#counts;
  }
}
