import type { ListenerOptions } from '../config/listener-options.js';
import type { Identity } from '../token/identity.js';
import type { Connection } from './connection.js';
import { Deadline, type Due } from './deadline.js';
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

/** What connections of a listener have in common: when they end, and who is told before. */
export interface LifetimeRules {
  readonly options: LifetimeOptions;
  /** How long before its token expires a connection's end is told, and never before half of the life that is left; 0: not at all. */
  readonly warnBeforeMs: number;
  /** @param seconds until the connection's token expires */
  warn(connection: Connection, seconds: number): void;
}

/**
 * Closes a connection when its token has expired or its session has lasted as long as it may, whichever comes first. A
 * connection that neither ends has no timer, any other has one at a time.
 */
export class Lifetime implements Due {
  readonly #connection: Connection;
  readonly #rules: LifetimeRules;
  readonly #deadline = new Deadline(this);
  /** What is to be done when the time has come. */
  #next: 'warn' | Ending = 'warn';

  constructor(connection: Connection, rules: LifetimeRules) {
    this.#connection = connection;
    this.#rules = rules;
    this.restart();
  }

  /** Counts with the token that the connection has now; a session does not get longer by it. */
  restart(): void {
    this.#deadline.clear();
    const { options } = this.#rules;
    const { connectedAt, identity } = this.#connection;
    const expiresAt = expiryOf(identity, options);
    const endsAt = connectedAt + (options.sessionTimeoutMs ?? Number.POSITIVE_INFINITY);
    if (expiresAt <= endsAt && expiresAt !== Number.POSITIVE_INFINITY) this.#expireAt(expiresAt);
    else if (endsAt !== Number.POSITIVE_INFINITY) this.#at(endsAt, CLOSE.sessionTimeout);
  }

  stop(): void {
    this.#deadline.clear();
  }

  /** The deadline's time has come. */
  due(): void {
    if (this.#next === 'warn') this.#warn();
    else this.#connection.close(this.#next);
  }

  #expireAt(atMs: number): void {
    const { warnBeforeMs } = this.#rules;
    const leftMs = atMs - Date.now();
    if (warnBeforeMs <= 0 || leftMs <= 0) this.#at(atMs, CLOSE.tokenExpired);
    else this.#at(atMs - Math.min(warnBeforeMs, leftMs / 2), 'warn');
  }

  #warn(): void {
    const atMs = expiryOf(this.#connection.identity, this.#rules.options);
    this.#at(atMs, CLOSE.tokenExpired);
    this.#rules.warn(this.#connection, secondsUntil(atMs) ?? 0);
  }

  #at(atMs: number, next: 'warn' | Ending): void {
    this.#next = next;
    this.#deadline.set(atMs);
  }
}
