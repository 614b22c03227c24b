/** Told of what is worth a line in a log. */
export interface OutageNews {
  began(reason: string): void;
  /** A connection has lasted. */
  over(): void;
  /** A connection has lasted, whether there was an outage before it or not. */
  proved(): void;
}

/** An outage, however many attempts it takes: it is over only with a connection that lasts, because a server may accept first and refuse afterwards. */
export class Outage {
  readonly #stableMs: number;
  readonly #news: OutageNews;
  /** Counts while a connection is open and has yet to prove itself. */
  #proving: NodeJS.Timeout | undefined;
  #openedAtMs = 0;
  #isDown = false;

  /** @param stableMs a connection that has been open this long is a success */
  constructor(stableMs: number, news: OutageNews) {
    this.#stableMs = stableMs;
    this.#news = news;
  }

  opened(): void {
    this.stop();
    this.#openedAtMs = performance.now();
    this.#proving = setTimeout(() => this.#proved(), this.#stableMs);
  }

  /** The connection is gone; to be called before what comes of it is decided. */
  closed(): void {
    if (this.#proving === undefined) return;
    // the end may overtake the timer
    if (performance.now() - this.#openedAtMs >= this.#stableMs) this.#proved();
    this.stop();
  }

  down(reason: string): void {
    if (!this.#isDown) this.#news.began(reason);
    this.#isDown = true;
  }

  stop(): void {
    clearTimeout(this.#proving);
    this.#proving = undefined;
  }

  #proved(): void {
    this.stop();
    this.#news.proved();
    if (this.#isDown) this.#news.over();
    this.#isDown = false;
  }
}
