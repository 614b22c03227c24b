import type { Connection } from '../sessions/connection.js';

/** The connections that are not read from because too much waits to be sent. */
export class Backpressure {
  readonly #paused = new Set<Connection>();
  readonly #resumed: () => void;

  /** @param resumed called whenever all may be read from */
  constructor(resumed: () => void) {
    this.#resumed = resumed;
  }

  pause(connection: Connection): void {
    if (this.#paused.has(connection)) return;
    this.#paused.add(connection);
    connection.pause();
  }

  resumeAll(): void {
    for (const connection of this.#paused) connection.resume();
    this.#paused.clear();
    this.#resumed();
  }

  forget(connection: Connection): void {
    this.#paused.delete(connection);
  }
}
