/** How far behind the newest a message may come and still be told from one that came before. */
export const WINDOW = 65_536;

const BITS = 32;

/** Which of the latest sequence numbers of one sender have been seen, as in RFC 4303 §3.4.3. */
export class SequenceWindow {
  readonly #bits = new Uint32Array(WINDOW / BITS);
  #newest = -1;

  /** Whether `sequence` is new: neither seen nor too old to say. */
  isNew(sequence: number): boolean {
    if (sequence > this.#newest) return true;
    if (sequence <= this.#newest - WINDOW) return false;
    return (this.#word(sequence) & this.#bit(sequence)) === 0;
  }

  /** Remembers one that is new. */
  add(sequence: number): void {
    if (sequence > this.#newest) this.#moveTo(sequence);
    const index = this.#index(sequence);
    this.#bits[index] = this.#word(sequence) | this.#bit(sequence);
  }

  #moveTo(sequence: number): void {
    if (sequence - this.#newest >= WINDOW) {
      this.#bits.fill(0);
    } else {
      for (let passed = this.#newest + 1; passed <= sequence; passed += 1) {
        const index = this.#index(passed);
        this.#bits[index] = this.#word(passed) & ~this.#bit(passed);
      }
    }
    this.#newest = sequence;
  }

  #index(sequence: number): number {
    return Math.floor((sequence % WINDOW) / BITS);
  }

  #word(sequence: number): number {
    return this.#bits[this.#index(sequence)] ?? 0;
  }

  #bit(sequence: number): number {
    return 1 << (sequence % BITS);
  }
}
