import type { Connection } from '../sessions/connection.js';
import type { ServerFrame } from '../wire/server-frame.js';

type Audience = ReadonlySet<Connection>;

interface Job {
  readonly frame: ServerFrame;
  readonly done: () => void;
  /** Who is written to, from the moment that the job is the first of its audience's. */
  connections: readonly Connection[] | undefined;
  next: number;
}

/** Up to so many peers are written to at once: that is done well within a turn of the event loop. */
const AT_ONCE = 256;

/** How long large audiences may hold the event loop at a time, in milliseconds. */
const TURN_MS = 4;

/** How many peers are written to before it is another audience's turn. */
const BATCH = 32;

/** Messages and bytes waiting from which on peers are not read from: what they say would make it more. */
const BACKLOG = { jobs: 256, bytes: 16 * 1024 * 1024 };

/**
 * Messages and bytes waiting past which nothing more is put off: a flow that goes on by itself has to wait. Peers that
 * are not read from may still have a chunk of 64 KiB each under way, which is some ten thousand messages.
 */
const FULL = { jobs: 16_384, bytes: 64 * 1024 * 1024 };

/**
 * Sends frames to audiences of any size without holding up the event loop. Messages to one audience leave in the order
 * of `send`: while one is not finished, the next waits. Different audiences take turns, so that none waits for another.
 */
export class FanOut {
  readonly #waiting = new Map<Audience, Job[]>();
  readonly #eased: () => void;
  #jobs = 0;
  #bytes = 0;
  #scheduled: NodeJS.Immediate | undefined;

  /** @param eased called after each turn that left no backlog */
  constructor(eased: () => void) {
    this.#eased = eased;
  }

  /** So much waits that whoever can should not make it more until `eased` is called. */
  get backlogged(): boolean {
    return this.#jobs >= BACKLOG.jobs || this.#bytes >= BACKLOG.bytes;
  }

  /**
   * @param audience disjoint from, or the same set as, every other audience that is sent to
   * @param done called once, when every frame is handed to its socket, or at `close`
   */
  send(frame: ServerFrame, audience: Audience, done: () => void): void {
    const waiting = this.#waiting.get(audience);
    if (waiting === undefined && audience.size <= AT_ONCE) {
      for (const connection of audience) connection.send(frame);
      done();
      return;
    }
    this.#jobs += 1;
    this.#bytes += frame.bytes.length;
    // who connects while the message goes out is not in its audience
    if (waiting === undefined) {
      this.#waiting.set(audience, [{ frame, done, connections: [...audience], next: 0 }]);
    } else {
      waiting.push({ frame, done, connections: undefined, next: 0 });
    }
    this.#schedule();
    while (this.#jobs > FULL.jobs || this.#bytes > FULL.bytes) {
      if (!this.#writeBatch(audience)) return;
    }
  }

  /** Sends no more; whoever waits for `done` is told. */
  close(): void {
    if (this.#scheduled !== undefined) clearImmediate(this.#scheduled);
    this.#scheduled = undefined;
    const jobs = [...this.#waiting.values()].flat();
    this.#waiting.clear();
    this.#jobs = 0;
    this.#bytes = 0;
    for (const { done } of jobs) done();
  }

  #schedule(): void {
    this.#scheduled ??= setImmediate(() => {
      this.#scheduled = undefined;
      this.#work(performance.now() + TURN_MS);
      if (this.#waiting.size > 0) this.#schedule();
      if (!this.backlogged) this.#eased();
    });
  }

  #work(untilMs: number): void {
    while (performance.now() < untilMs) {
      const [first] = this.#waiting;
      if (first === undefined) return;
      const [audience, jobs] = first;
      if (!this.#writeBatch(audience)) continue;
      // to the end of the line
      this.#waiting.delete(audience);
      this.#waiting.set(audience, jobs);
    }
  }

  /**
   * Writes to the next peers of an audience.
   * @returns whether anything is left to be written to it
   */
  #writeBatch(audience: Audience): boolean {
    const jobs = this.#waiting.get(audience);
    const job = jobs?.[0];
    if (jobs === undefined || job === undefined) return false;
    job.connections ??= [...audience]; // copied late: what waits is no more than its frame
    const end = job.next + BATCH;
    while (job.next < end) job.connections[job.next++]?.send(job.frame);
    if (job.next < job.connections.length) return true;
    jobs.shift();
    if (jobs.length === 0) this.#waiting.delete(audience);
    this.#jobs -= 1;
    this.#bytes -= job.frame.bytes.length;
    job.done();
    return jobs.length > 0;
  }
}
