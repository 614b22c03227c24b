/** What happens, in order: each thing waits until a test takes it, so that none is missed and no test needs to sleep. */
export class Queue<T> {
  readonly #items: T[] = [];
  readonly #waiting: ((item: T) => void)[] = [];

  push(item: T): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#items.push(item);
    else next(item);
  }

  /** The next item, whether it has come already or not. */
  next(): Promise<T> {
    const item = this.#items.shift();
    if (item !== undefined) return Promise.resolve(item);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** How many have come that nobody took. */
  get length(): number {
    return this.#items.length;
  }
}
