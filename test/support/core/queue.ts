/** What happens, in order: each thing waits until a test takes it, so that none is missed and no test needs to sleep. */
export class Queue<T> {
  readonly #items: T[] = [];
  readonly #waiting: ((item: T) => void)[] = [];
  readonly #watching = new Set<(item: T) => void>();

  push(item: T): void {
    for (const watch of this.#watching) watch(item);
    const next = this.#waiting.shift();
    if (next === undefined) this.#items.push(item);
    else next(item);
  }

  /** Takes the next item, whether it has come already or not. */
  next(): Promise<T> {
    const item = this.#items.shift();
    if (item !== undefined) return Promise.resolve(item);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** The next item of a kind that comes after this call. It takes nothing. */
  upcoming<S extends T>(isIt: (item: T) => item is S): Promise<S> {
    return new Promise((resolve) => {
      const watch = (item: T) => {
        if (!isIt(item)) return;
        this.#watching.delete(watch);
        resolve(item);
      };
      this.#watching.add(watch);
    });
  }

  /** All that has come and that nobody took. */
  get items(): readonly T[] {
    return this.#items;
  }

  get length(): number {
    return this.#items.length;
  }
}
