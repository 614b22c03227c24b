import type { Session } from '../sessions/session.js';
import type { Peer, Usage } from './peer.js';

/** How an attempt or a connection ended. */
export interface ConnectionEnd {
  /** Of a connection that was open; absent where it never was. */
  readonly session?: Session;
  readonly usage?: Usage;
  /** Why, in a word or two: an HTTP status and the answer's own code, `proxy` and a status, an error's code, `timeout`, `subprotocol`; absent where the server closed an open connection. */
  readonly reason?: string;
  /** RFC 6455 §7.4, where there was a WebSocket. */
  readonly closeCode?: number;
  /** How long the server wants to be left alone, in milliseconds. */
  readonly retryAfterMs?: number;
  /** The server said that the token is not good: 401, or 4401. */
  readonly isTokenRefused?: true;
}

/** What comes after an end. */
export type Next =
  /** Another attempt, in so many milliseconds. */
  | { readonly kind: 'retry'; readonly inMs: number }
  /** Nothing, until somebody asks for it. */
  | { readonly kind: 'nothing' }
  /** Another connection, which is open. */
  | { readonly kind: 'taken-over' };

/** What is known once it has ended. */
export interface EndFacts {
  readonly peer: Peer | undefined;
  /** Whether it counted as a connection, the login included. */
  readonly isOpen: boolean;
  readonly closeCode: number | undefined;
  readonly reason: string | undefined;
  /** HTTP status of the server's answer, where it was no WebSocket. */
  readonly status: number | undefined;
  readonly retryAfterMs: number | undefined;
  /** The code in the server's word that it does not take the token. */
  readonly loginError: string | undefined;
}

/** Close codes that do not tell why: done, none given, and no close frame at all (RFC 6455 §7.4.1). */
const SAYS_NOTHING: readonly (number | undefined)[] = [1000, 1005, 1006, undefined];

/** RFC 9110 §15.5.2, and the close code that stands for it. */
const UNAUTHORIZED = { status: 401, closeCode: 4401 };

/** The close code as a reason, where it is one. */
export function reasonInCode(closeCode: number | undefined): string | undefined {
  return SAYS_NOTHING.includes(closeCode) ? undefined : String(closeCode);
}

/** Why it ended, in a word or two. */
export function wordOf({ reason, closeCode }: ConnectionEnd): string {
  return reason ?? String(closeCode);
}

/** Says how it ended. */
export function connectionEnd(facts: EndFacts): ConnectionEnd {
  const { peer, isOpen, closeCode, status, retryAfterMs } = facts;
  const reason = facts.reason ?? (isOpen || peer === undefined ? undefined : loginReason(facts));
  const isRefused = status === UNAUTHORIZED.status || closeCode === UNAUTHORIZED.closeCode;
  return {
    ...(isOpen && peer !== undefined ? { session: peer.session(), usage: peer.usage } : {}),
    ...(peer !== undefined && closeCode !== undefined ? { closeCode } : {}),
    ...(reason === undefined ? {} : { reason }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    ...(isRefused ? { isTokenRefused: true } : {}),
  };
}

/** The server closed before it had taken the token: `4401 token_expired`. */
function loginReason({ closeCode, loginError }: EndFacts): string {
  const words = [reasonInCode(closeCode), loginError].filter((word) => word !== undefined);
  return words.length === 0 ? 'handshake' : words.join(' ');
}
