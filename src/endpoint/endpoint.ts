import type { Narrowing } from '../config/out-options.js';
import type { EndpointEvent, EndpointState } from '../events/events.js';
import type { ControlOutcome, ControlRequest } from './control.js';

/** Takes one message from a peer; the object is the handler's own. */
export type MessageHandler = (message: Record<string, unknown>) => void;

/** What the nodes of a flow may ask of a listener or a client. */
export interface Endpoint {
  readonly state: EndpointState;
  /** Called by each node that begins to use the endpoint: a client connects for the first of them. */
  start(): void;
  /** Delivers every message from a peer to `handle`, until the returned function is called. */
  attach(handle: MessageHandler): () => void;
  /** Reports every event to `observer`, until the returned function is called. */
  observe(observer: (event: EndpointEvent) => void): () => void;
  /**
   * Sends `message` to whom the endpoint's owner allows.
   * @param done called exactly once: without an argument when the frames are handed to the sockets, else with a SendError,
   * or a ConfigurationError where the endpoint cannot serve.
   */
  send(message: Readonly<Record<string, unknown>>, done: (error?: Error) => void): void;
  /**
   * Makes a way to send to fewer than `send` reaches.
   * @returns a function like `send`
   * @throws ConfigurationError `scope-wider` where it would be more
   */
  narrowed(narrowing: Narrowing): Endpoint['send'];
  /**
   * Does what a flow asks of the endpoint itself. What it cannot do is a ControlError `control-unsupported`, thrown or as
   * a rejection, as are all its failures; a ConfigurationError where the endpoint cannot serve.
   */
  control(request: ControlRequest): ControlOutcome | Promise<ControlOutcome>;
}
