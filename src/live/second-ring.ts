/** How many seconds are remembered. */
export const SECONDS = 120;

/** A number for each of the last seconds, by the second's number since the epoch. Memory is taken with the first one. */
export class SecondRing {
  #seconds: number[] | undefined;
  #values: number[] = [];

  add(second: number, amount: number): void {
    this.set(second, (this.at(second) ?? 0) + amount);
  }

  set(second: number, value: number): void {
    this.#seconds ??= new Array<number>(SECONDS).fill(-1);
    this.#seconds[second % SECONDS] = second;
    this.#values[second % SECONDS] = value;
  }

  /** Undefined where nothing is known of that second. */
  at(second: number): number | undefined {
    return this.#seconds?.[second % SECONDS] === second ? this.#values[second % SECONDS] : undefined;
  }
}
