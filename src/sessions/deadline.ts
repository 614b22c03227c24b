/** Past this setTimeout fires after 1 ms. */
const MAX_TIMEOUT_MS = 2 ** 31 - 1;

/** Node keeps a list per duration: long waits begin with one that many connections share. */
const COARSE_MS = 10_000;

/** Something that has to be done at some time. */
export interface Due {
  due(): void;
}

/** Tells its owner once when the clock reads a time, however far away that is. There may be one per connection: it makes no closure. */
export class Deadline {
  readonly #owner: Due;
  /** In milliseconds since the epoch. */
  #atMs = 0;
  #timer: NodeJS.Timeout | undefined = undefined;

  constructor(owner: Due) {
    this.#owner = owner;
  }

  /** @param atMs milliseconds since the epoch; what was set before does not count any more */
  set(atMs: number): void {
    this.clear();
    this.#atMs = atMs;
    this.#wait();
  }

  clear(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #wait(): void {
    const leftMs = this.#atMs - Date.now();
    const coarseMs = Math.min(leftMs - (leftMs % COARSE_MS), MAX_TIMEOUT_MS);
    this.#timer =
      coarseMs > 0
        ? setTimeout(Deadline.#goOn, coarseMs, this)
        : setTimeout(Deadline.#reached, Math.max(0, leftMs), this);
  }

  static #goOn(deadline: Deadline): void {
    deadline.#wait();
  }

  static #reached(deadline: Deadline): void {
    deadline.#timer = undefined;
    deadline.#owner.due();
  }
}
