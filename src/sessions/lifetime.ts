import type { ListenerOptions } from '../config/listener-options.js';
import type { Identity } from '../token/identity.js';
import type { Connection } from './connection.js';
import { callAt } from './deadline.js';
import { CLOSE, type Ending } from './endings.js';

/** What a listener decides about the ends of its connections. */
export type LifetimeOptions = Pick<ListenerOptions, 'closeOnExpiry' | 'clockTolerance' | 'sessionTimeoutMs'>;

/**
 * When a connection of `identity` is closed because its token has expired (RFC 7519 §4.1.4), in milliseconds since the
 * epoch; Infinity: never. The tolerance for clocks counts here as it does in the handshake: no token opens a connection only
 * to have it closed.
 */
export function expiryOf(
  { claims: { exp }, expiresAt }: Identity,
  { closeOnExpiry, clockTolerance = 0 }: LifetimeOptions,
): number {
  if (!closeOnExpiry) return Number.POSITIVE_INFINITY;
  if (expiresAt !== undefined) return expiresAt;
  return typeof exp === 'number' ? (exp + clockTolerance) * 1000 : Number.POSITIVE_INFINITY;
}

/** As a flow is told; null: it never comes. */
export function dateOf(atMs: number): number | null {
  return Number.isFinite(atMs) ? atMs : null;
}

/** Whole seconds until then, as a peer is told; null: it never comes. */
export function secondsUntil(atMs: number): number | null {
  return atMs === Number.POSITIVE_INFINITY ? null : Math.max(0, Math.round((atMs - Date.now()) / 1000));
}

/**
 * Closes a connection when its token has expired or its session has lasted as long as it may, whichever comes first. A
 * connection that neither ends has no timer, any other has one at a time.
 */
export class Lifetime {
  readonly #connection: Connection;
  readonly #options: LifetimeOptions;
  readonly #warning: ExpiryWarning;
  readonly #endsAt: number;
  #stop = () => {};

  constructor(connection: Connection, options: LifetimeOptions, warning: ExpiryWarning) {
    this.#connection = connection;
    this.#options = options;
    this.#warning = warning;
    this.#endsAt = Date.now() + (options.sessionTimeoutMs ?? Number.POSITIVE_INFINITY);
    this.restart();
  }

  /** Counts with the token that the connection has now; a session does not get longer by it. */
  restart(): void {
    this.#stop();
    const expiresAt = expiryOf(this.#connection.identity, this.#options);
    if (expiresAt <= this.#endsAt && expiresAt !== Number.POSITIVE_INFINITY) this.#expireAt(expiresAt);
    else if (this.#endsAt !== Number.POSITIVE_INFINITY) this.#closeAt(this.#endsAt, CLOSE.sessionTimeout);
  }

  stop(): void {
    this.#stop();
  }

  #expireAt(atMs: number): void {
    const { beforeMs, warn } = this.#warning;
    const leftMs = atMs - Date.now();
    if (beforeMs <= 0 || leftMs <= 0) {
      this.#closeAt(atMs, CLOSE.tokenExpired);
      return;
    }
    this.#stop = callAt(atMs - Math.min(beforeMs, leftMs / 2), () => {
      this.#closeAt(atMs, CLOSE.tokenExpired);
      warn(secondsUntil(atMs) ?? 0);
    });
  }

  #closeAt(atMs: number, ending: Ending): void {
    this.#stop = callAt(atMs, () => this.#connection.close(ending));
  }
}

/** Tells that a token is about to expire. */
export interface ExpiryWarning {
  /** So long before, and never before half of the life that is left; 0: not at all. */
  readonly beforeMs: number;
  /** @param seconds until it expires */
  warn(seconds: number): void;
}
