import type { ServerFrame } from '../transport/server-frame.js';
import type { Connection } from './connection.js';

interface Job {
  readonly frame: ServerFrame;
  readonly connections: readonly Connection[];
  readonly done: () => void;
  next: number;
}

/** Up to so many peers are written to at once: that is done well within a turn of the event loop. */
const AT_ONCE = 256;

/** How long a large audience may hold the event loop at a time, in milliseconds. */
const TURN_MS = 6;

/** How many peers are written to between two looks at the clock. */
const BATCH = 32;

/**
 * Sends frames to audiences of any size without holding up the event loop. Messages leave in the order of `send`: while
 * one audience is not finished, what comes later waits.
 */
export class FanOut {
  readonly #jobs: Job[] = [];
  #scheduled: NodeJS.Immediate | undefined;

  /** @param done called once, when every frame is handed to its socket, or at `close` */
  send(frame: ServerFrame, audience: ReadonlySet<Connection>, done: () => void): void {
    if (this.#jobs.length === 0 && audience.size <= AT_ONCE) {
      for (const connection of audience) connection.send(frame);
      done();
      return;
    }
    // who connects while the message goes out is not in its audience
    this.#jobs.push({ frame, connections: [...audience], done, next: 0 });
    this.#schedule();
  }

  /** Sends no more; whoever waits for `done` is told. */
  close(): void {
    if (this.#scheduled !== undefined) clearImmediate(this.#scheduled);
    this.#scheduled = undefined;
    for (const { done } of this.#jobs.splice(0)) done();
  }

  #schedule(): void {
    this.#scheduled ??= setImmediate(() => {
      this.#scheduled = undefined;
      this.#work(performance.now() + TURN_MS);
      if (this.#jobs.length > 0) this.#schedule();
    });
  }

  #work(untilMs: number): void {
    for (let job = this.#jobs[0]; job !== undefined; job = this.#jobs[0]) {
      while (job.next < job.connections.length) {
        for (const connection of job.connections.slice(job.next, job.next + BATCH))
          connection.send(job.frame);
        job.next += BATCH;
        if (performance.now() >= untilMs) return;
      }
      this.#jobs.shift();
      job.done();
    }
  }
}
