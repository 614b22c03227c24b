import type { EndpointEvent, EndpointState } from '../endpoint/endpoint.js';

/** An endpoint's state, and who wants to hear of changes. */
export class ObservedState {
  readonly #observers = new Set<(event: EndpointEvent) => void>();
  #current: EndpointState = { kind: 'idle' };

  get current(): EndpointState {
    return this.#current;
  }

  /** @returns stops observing */
  observe(observe: (event: EndpointEvent) => void): () => void {
    this.#observers.add(observe);
    return () => this.#observers.delete(observe);
  }

  change(event: EndpointEvent): void {
    this.#current = event.state;
    for (const observe of this.#observers) observe(event);
  }

  /** Nobody is told of anything any more. */
  close(): void {
    this.#observers.clear();
  }
}
