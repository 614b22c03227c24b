/** Lines that a burst of events of one kind may write, and how long until the next burst may: peers must not fill the log. */
const BURST = 10;
const PERIOD_MS = 60_000;

/** A minute of one kind of event; it begins with the first. */
interface Period<T> {
  readonly startedMs: number;
  written: number;
  passedOver: number;
  /** The latest that was passed over. */
  latest: T | undefined;
  /** Runs once something was passed over. */
  timer: NodeJS.Timeout | undefined;
}

/** Bounds how many lines a stream of events writes, for each kind of event by itself. */
export class BoundedLog<T> {
  readonly #write: (event: T, more: number) => void;
  readonly #now: () => number;
  readonly #periods = new Map<string, Period<T>>();

  /**
   * @param write writes one line. `more` is 0 for an event on its own; when a minute ends, the number of those that were
   * passed over in it, with the latest of them.
   */
  constructor(write: (event: T, more: number) => void, now: () => number = () => performance.now()) {
    this.#write = write;
    this.#now = now;
  }

  /** @param kind out of a limited set: each is remembered */
  add(kind: string, event: T): void {
    const period = this.#current(kind);
    if (period.written < BURST) {
      period.written += 1;
      this.#write(event, 0);
      return;
    }
    period.passedOver += 1;
    period.latest = event;
    if (period.timer !== undefined) return;
    const leftMs = period.startedMs + PERIOD_MS - this.#now();
    period.timer = setTimeout(() => this.#end(kind), leftMs);
    period.timer.unref();
  }

  /** Says what was passed over, and lets go of all timers. */
  close(): void {
    for (const kind of [...this.#periods.keys()]) this.#end(kind);
  }

  #current(kind: string): Period<T> {
    const now = this.#now();
    const running = this.#periods.get(kind);
    if (running !== undefined && now - running.startedMs < PERIOD_MS) return running;
    this.#end(kind);
    const period = { startedMs: now, written: 0, passedOver: 0, latest: undefined, timer: undefined };
    this.#periods.set(kind, period);
    return period;
  }

  #end(kind: string): void {
    const period = this.#periods.get(kind);
    if (period === undefined) return;
    this.#periods.delete(kind);
    clearTimeout(period.timer);
    if (period.latest !== undefined) this.#write(period.latest, period.passedOver);
  }
}
