import type { ConfigurationError } from '../config/codes.js';
import type { EndpointEvent, EndpointState } from '../events/events.js';
import type { Endpoint } from './endpoint.js';

/** The endpoint of a config node that must not work as it is configured: it shows why, and sends nothing. */
export class Faulty implements Endpoint {
  readonly state: EndpointState;
  readonly #error: ConfigurationError;

  constructor(error: ConfigurationError) {
    this.#error = error;
    this.state = { kind: 'misconfigured', code: error.code };
  }

  start(): void {}

  attach(): () => void {
    return () => {};
  }

  observe(_observer: (event: EndpointEvent) => void): () => void {
    return () => {};
  }

  send(_message: unknown, done: (error?: Error) => void): void {
    done(this.#error);
  }

  narrowed(): Endpoint['send'] {
    return (message, done) => this.send(message, done);
  }

  control(_request: unknown): never {
    throw this.#error;
  }
}
