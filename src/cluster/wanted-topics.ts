/** Asks the broker for a batch. Resolves to whether it grants all of it; rejects where the connection is gone. */
export type Subscribe = (topics: readonly string[]) => Promise<boolean>;
export type Unsubscribe = (topics: readonly string[]) => Promise<void>;

/** Topics in a packet: brokers read each in one go. */
const BATCH = 256;

/** From one batch to the next, in milliseconds: a broker serves others, too. */
const PERIOD_MS = 50;

interface Connection {
  readonly subscribe: Subscribe;
  readonly unsubscribe: Unsubscribe;
  /** More than before is granted. */
  readonly more: () => void;
  /** A subscription was refused. */
  readonly denied: () => void;
  readonly granted: Set<string>;
  /** What the broker has and nobody wants. */
  readonly stale: Set<string>;
}

/** The topics that are wanted, and what of them a connection has: it begins with none of them. */
export class WantedTopics {
  readonly #wanted = new Set<string>();
  /** Wanted and not granted on this connection, in the order of asking. */
  readonly #missing = new Set<string>();
  readonly #waiting = new Map<string, (() => void)[]>();
  #connection: Connection | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isAsking = false;

  /** Resolves once it is granted, or where that will not be soon. */
  want(topic: string): Promise<void> {
    const connection = this.#connection;
    this.#wanted.add(topic);
    if (connection === undefined) return Promise.resolve();
    connection.stale.delete(topic);
    if (connection.granted.has(topic)) return Promise.resolve();
    this.#missing.add(topic);
    const done = new Promise<void>((resolve) => {
      const others = this.#waiting.get(topic);
      if (others === undefined) this.#waiting.set(topic, [resolve]);
      else others.push(resolve);
    });
    this.#ask();
    return done;
  }

  unwant(topic: string): void {
    this.#wanted.delete(topic);
    this.#missing.delete(topic);
    this.#resolve(topic);
    if (this.#connection?.granted.has(topic)) this.#connection.stale.add(topic);
    this.#ask();
  }

  /** Asks a new connection for everything. */
  connected(connection: Omit<Connection, 'granted' | 'stale'>): void {
    this.disconnected();
    this.#missing.clear();
    this.#connection = { ...connection, granted: new Set(), stale: new Set() };
    for (const topic of this.#wanted) this.#missing.add(topic);
    this.#ask();
  }

  disconnected(): void {
    this.#connection = undefined;
    this.#isAsking = false;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    for (const topic of [...this.#waiting.keys()]) this.#resolve(topic);
  }

  /** Whether the connection has all that is wanted. */
  get isComplete(): boolean {
    return this.#connection !== undefined && this.#missing.size === 0;
  }

  /** Whether the connection has all of these. */
  has(topics: readonly string[]): boolean {
    return topics.every((topic) => this.#connection?.granted.has(topic) === true);
  }

  #ask(): void {
    const connection = this.#connection;
    if (connection === undefined || this.#isAsking || this.#timer !== undefined) return;
    const topics = first(BATCH, this.#missing);
    const unwanted = topics.length > 0 ? [] : first(BATCH, connection.stale);
    if (topics.length + unwanted.length === 0) return;
    this.#isAsking = true;
    const asked =
      topics.length > 0 ? this.#subscribe(connection, topics) : this.#unsubscribe(connection, unwanted);
    asked.catch(() => {}); // the connection is gone: the next one is asked again
  }

  async #subscribe(connection: Connection, topics: readonly string[]): Promise<void> {
    const isGranted = await connection.subscribe(topics);
    if (connection !== this.#connection) return;
    if (!isGranted) {
      connection.denied();
      return;
    }
    for (const topic of topics) {
      connection.granted.add(topic);
      this.#missing.delete(topic);
      if (!this.#wanted.has(topic)) connection.stale.add(topic);
      this.#resolve(topic);
    }
    this.#pause();
    connection.more();
  }

  async #unsubscribe(connection: Connection, topics: readonly string[]): Promise<void> {
    for (const topic of topics) {
      connection.granted.delete(topic);
      connection.stale.delete(topic);
    }
    await connection.unsubscribe(topics);
    if (connection === this.#connection) this.#pause();
  }

  #pause(): void {
    this.#isAsking = false;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#ask();
    }, PERIOD_MS);
  }

  #resolve(topic: string): void {
    const waiting = this.#waiting.get(topic) ?? [];
    this.#waiting.delete(topic);
    for (const resolve of waiting) resolve();
  }
}

function first(count: number, topics: ReadonlySet<string>): string[] {
  const taken: string[] = [];
  for (const topic of topics) {
    if (taken.length === count) break;
    taken.push(topic);
  }
  return taken;
}
