import type { Connection } from '../sessions/connection.js';

/** The connections that are not read from because too much waits to be sent. */
export class Backpressure {
  readonly #paused = new Set<Connection>();

  pause(connection: Connection): void {
    if (this.#paused.has(connection)) return;
    this.#paused.add(connection);
    connection.pause();
  }

  resumeAll(): void {
    for (const connection of this.#paused) connection.resume();
    this.#paused.clear();
  }

  forget(connection: Connection): void {
    this.#paused.delete(connection);
  }
}
