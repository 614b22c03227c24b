import type { EndpointEvent, EndpointState, StateEvent } from './events.js';

/** An endpoint's events on their way to its observers, and the state that the latest of them left. */
export class ObservedState {
  readonly #observers = new Set<(event: EndpointEvent) => void>();
  #current: EndpointState = { kind: 'idle' };

  get current(): EndpointState {
    return this.#current;
  }

  /** @returns stops observing */
  observe(observer: (event: EndpointEvent) => void): () => void {
    this.#observers.add(observer);
    return () => this.#observers.delete(observer);
  }

  /** Puts the endpoint into the event's state, and tells everybody. */
  change(event: StateEvent): void {
    this.#current = event.state;
    this.emit(event);
  }

  /** Tells everybody of what leaves the state as it is. */
  emit(event: EndpointEvent): void {
    for (const observer of this.#observers) observer(event);
  }

  /** Nobody is told of anything any more. */
  close(): void {
    this.#observers.clear();
  }
}
