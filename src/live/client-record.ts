import type { EndpointEvent } from '../events/events.js';

/** What is remembered of a client for whoever looks at it. Times in milliseconds since the epoch. */
export class ClientRecord {
  #since = Date.now();
  #nextAttempt: number | null = null;
  #kind = 'idle';

  /** When its state began. */
  get since(): number {
    return this.#since;
  }

  /** null: it does not try again, or is connected. */
  get nextAttempt(): number | null {
    return this.#nextAttempt;
  }

  /** To be called with each event of the client. */
  take(event: EndpointEvent, now: number = Date.now()): void {
    if (!('state' in event)) return;
    if (event.state.kind !== this.#kind) this.#since = now;
    this.#kind = event.state.kind;
    this.#nextAttempt =
      'retryInMs' in event && typeof event.retryInMs === 'number' ? now + event.retryInMs : null;
  }
}
