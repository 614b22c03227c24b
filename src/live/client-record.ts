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
    if ('state' in event) {
      if (event.state.kind !== this.#kind) this.#since = now;
      this.#kind = event.state.kind;
      if (event.state.kind === 'connected') this.#nextAttempt = null;
    }
    if (event.kind !== 'failed' && event.kind !== 'disconnect') return;
    this.#nextAttempt = event.retryInMs === undefined ? null : now + event.retryInMs;
  }
}
