import type { ConfigurationProblem } from '../config/codes.js';
import type { ConfiguredScope } from '../routing/recipients.js';
import type { AuthStatus } from '../token/identity.js';

/** `msg._session`: the connection a message came from, as a flow sees it. */
export interface Session {
  readonly type: 'websocket';
  readonly id: string;
  readonly authStatus: AuthStatus;
  /** Present on sessions of a listener: the verified tenant, or null where there is none. */
  readonly tenantId?: string | null;
  /** The token's `sub`, where it is a string. */
  readonly subject?: string;
  readonly routingScope?: ConfiguredScope;
}

/** Takes one message from a peer; the object is the receiver's own. */
export type Receiver = (message: Record<string, unknown>) => void;

/** How an endpoint is doing, as a node shows it. */
export type EndpointState =
  | { readonly kind: 'idle' }
  /** `count` is absent for a client: it has one peer. */
  | { readonly kind: 'connected'; readonly count?: number }
  | { readonly kind: 'disconnected' }
  /** A connection failed; the endpoint goes on. */
  | { readonly kind: 'error' }
  /** Down, with the reason in one word: `401`, `ECONNREFUSED`, `timeout`. */
  | { readonly kind: 'failed'; readonly reason: string }
  /** Cannot serve until its configuration is changed; `code` is that of the ConfigurationError. */
  | { readonly kind: 'misconfigured'; readonly code: ConfigurationProblem };

/** What happened to an endpoint: the event of Node-RED's built-in nodes, the new state, and whose connection it was. */
export interface EndpointEvent {
  /** Absent where the state changed and nobody came, went or failed. */
  readonly event?: 'connect' | 'disconnect' | 'error';
  readonly state: EndpointState;
  readonly session?: Session;
}

/** What `ws.in+` and `ws.out+` may ask of a listener or a client. */
export interface Endpoint {
  readonly state: EndpointState;
  /** Delivers every message from a peer to `receive`, until the returned function is called. */
  attach(receive: Receiver): () => void;
  /** Reports every change of state to `observe`, until the returned function is called. */
  observe(observe: (event: EndpointEvent) => void): () => void;
  /**
   * Sends `message` to whom the endpoint's owner allows.
   * @param done called exactly once: without an argument when the frames are handed to the sockets, else with a SendError.
   */
  send(message: Readonly<Record<string, unknown>>, done: (error?: Error) => void): void;
}
