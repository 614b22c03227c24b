import type { JSONWebKeySet } from 'jose';
import type { ConfigurationProblem } from '../config/codes.js';
import type { RejectionCode } from '../handshake/rejection.js';
import type { JwksErrorCode, JwksErrorDetail } from '../keys/jwks-error.js';
import type { Arrival } from '../sessions/arrival.js';
import type { Ending } from '../sessions/endings.js';
import type { Session } from '../sessions/session.js';
import type { Amount } from '../sessions/traffic.js';
import type { Identity } from '../token/identity.js';
import type { RefusalReason } from '../token/token-refused.js';
import type { SendErrorCode } from '../wire/send-error.js';

/** How a listener or a client is doing, as a node shows it. */
export type EndpointState =
  | { readonly kind: 'idle' }
  /** `count` is absent for a client: it has one peer. */
  | { readonly kind: 'connected'; readonly count?: number }
  /** Nobody is connected any more: a listener's, and nothing is wrong. */
  | { readonly kind: 'empty' }
  /** A client's. `waiting`: messages that wait for a connection, where there are any. */
  | { readonly kind: 'disconnected'; readonly waiting?: number }
  /** A client's that is to have no connection now: a flow has closed it, or has yet to say where to connect. */
  | { readonly kind: 'closed'; readonly waiting?: number }
  /** The endpoint of a listener's keys fails. `oldKeys`: those fetched before serve; else nobody can be let in. */
  | { readonly kind: 'keys-unavailable'; readonly oldKeys: boolean; readonly count: number }
  /**
   * Peers of other instances of the cluster are not reached; `count` are connected here. `reason` is one word:
   * `ECONNREFUSED`, `denied`, `unheard`, `clock`.
   */
  | { readonly kind: 'cluster-down'; readonly reason: string; readonly count: number }
  /** A connection failed; the endpoint goes on. */
  | { readonly kind: 'error' }
  /** Down, with the reason in one word: `401`, `1008`, `ECONNREFUSED`, `timeout`. */
  | { readonly kind: 'failed'; readonly reason: string; readonly waiting?: number }
  /** Cannot serve until its configuration is changed; `code` is that of the ConfigurationError. */
  | { readonly kind: 'misconfigured'; readonly code: ConfigurationProblem };

/** How many connections a listener has, that of the event counted if it has come, not if it has gone. */
export interface Present {
  readonly connections: number;
  /** Of the same tenant, or without one. */
  readonly tenantConnections: number;
}

/** What a connection has come to. */
export interface Departure {
  readonly durationMs: number;
  readonly received: Amount;
  readonly sent: Amount;
}

/** Somebody came, went or failed, or the endpoint itself is in another state than before. */
export type StateEvent =
  | { readonly kind: 'state'; readonly state: EndpointState }
  | {
      readonly kind: 'connect';
      readonly state: EndpointState;
      readonly session: Session;
      /** A listener's. */
      readonly arrival?: Arrival;
      readonly present?: Present;
      /** When its token ends the connection, in milliseconds since the epoch; null: never. A listener's. */
      readonly expiresAt?: number | null;
      /** A client's: the subprotocol that was chosen, where one was. */
      readonly protocol?: string;
      /** A listener's: how long it took, from the request on; with a wait for its first message, if that was to come. */
      readonly handshakeMs?: number;
    }
  /** How it ended, and the peer's address, where the endpoint is a listener. */
  | ({
      readonly kind: 'disconnect';
      readonly state: EndpointState;
      readonly session: Session;
      readonly present?: Present;
      readonly departure?: Departure;
      /** A client's: when it tries again. */
      readonly retryInMs?: number;
    } & Partial<Ending & { readonly address: string }>)
  /** `session` is absent where a connection was not even opened. */
  | { readonly kind: 'error'; readonly state: EndpointState; readonly session?: Session };

/** What happened to keys that come from an endpoint. */
export type KeysEvent = {
  /** The id of the issuer whose keys they are; absent where they are a listener's own. */
  readonly issuer?: string;
  /** When it was, in milliseconds since the epoch, where it is told again to somebody who came later. */
  readonly toldAgain?: number;
} /** A good fetch. */ & (
  | { readonly kind: 'keys-fetched'; readonly set: JSONWebKeySet }
  /** The first failed fetch after a good one, or of all. */
  | {
      readonly kind: 'keys-failed';
      readonly code: JwksErrorCode;
      readonly detail?: JwksErrorDetail;
      /** Whether keys of an earlier fetch are at hand; where they are not, nobody gets in. */
      readonly stale: boolean;
    }
  /** Any other failed fetch. */
  | { readonly kind: 'keys-failed-again'; readonly code: JwksErrorCode }
  /** The first good fetch after a failed one. */
  | { readonly kind: 'keys-recovered' }
);

/**
 * Everything that happens to a listener or a client and that anybody may want to know: statuses, log lines and whoever
 * comes later are fed from these. No event holds a token or what a peer sent.
 */
export type EndpointEvent =
  | StateEvent
  | KeysEvent
  /** An upgrade was refused. `address` is the peer's, as the socket gives it. */
  | {
      readonly kind: 'refused';
      readonly code: RejectionCode;
      /** The word for it that the peer is told, where the user's own middleware chose one. */
      readonly told?: string;
      /** HTTP status. */
      readonly status: number;
      /** What exactly was wrong with a token. The peer must not learn it. */
      readonly because: RefusalReason | undefined;
      /** What is wrong with the listener, where that refuses everybody. */
      readonly problem: ConfigurationProblem | undefined;
      readonly address: string;
      /** The web page's that sent the request (RFC 6454 §7), as it says. */
      readonly origin?: string;
    }
  /** A token is about to expire. */
  | { readonly kind: 'expiring'; readonly session: Session; readonly expiresIn: number }
  /** A connection has a new token; `expiresIn`: seconds, null: never. */
  | {
      readonly kind: 'renewed';
      readonly session: Session;
      readonly expiresIn: number | null;
      readonly identity: Identity;
      /** In milliseconds since the epoch; null: never. */
      readonly expiresAt: number | null;
    }
  /** A message of a flow was not sent. */
  | { readonly kind: 'send-failed'; readonly code: SendErrorCode }
  /** A node could not take a peer's message. */
  | { readonly kind: 'receive-failed'; readonly error: unknown }
  /** It cannot be told which tokens are revoked: nobody who shows one is let in. */
  | { readonly kind: 'revocations-failed' }
  /** A client's attempt to connect came to nothing. `reason` is one word; `attempt` counts since it was last connected. */
  | {
      readonly kind: 'failed';
      readonly reason: string;
      readonly attempt: number;
      /** Absent where it does not try again by itself. */
      readonly retryInMs?: number;
    }
  /** A client lost its server; told once, however many attempts fail. `reason` is one word. */
  | { readonly kind: 'outage'; readonly reason: string }
  /** A connection has lasted. */
  | { readonly kind: 'outage-over' }
  /** A client's token is not renewed in time, and the connection lasts; told once for each token. */
  | { readonly kind: 'renewal-failed'; readonly reason: string };
