import type { ListenerOptions } from '../config/listener-options.js';
import type { Identity } from '../token/identity.js';
import type { Connection } from './connection.js';
import { callAt } from './deadline.js';
import { CLOSE } from './endings.js';

/**
 * Closes a connection when its token has expired (RFC 7519 §4.1.4) or its session has lasted as long as it may, whichever
 * comes first. The tolerance for clocks counts here as it does in the handshake: no token opens a connection only to have it
 * closed. A connection that neither ends has no timer.
 * @returns stops it
 */
export function startSessionTimer(connection: Connection, options: ListenerOptions): () => void {
  const { closeOnExpiry, clockTolerance = 0, sessionTimeoutMs = Number.POSITIVE_INFINITY } = options;
  const expiresAt = closeOnExpiry ? expiryOf(connection.identity, clockTolerance) : Number.POSITIVE_INFINITY;
  const endsAt = Date.now() + sessionTimeoutMs;
  const at = Math.min(expiresAt, endsAt);
  if (at === Number.POSITIVE_INFINITY) return () => {};
  const ending = expiresAt <= endsAt ? CLOSE.tokenExpired : CLOSE.sessionTimeout;
  return callAt(at, () => connection.close(ending));
}

/** In milliseconds since the epoch. */
function expiryOf({ claims: { exp }, expiresAt }: Identity, clockTolerance: number): number {
  if (expiresAt !== undefined) return expiresAt;
  return typeof exp === 'number' ? (exp + clockTolerance) * 1000 : Number.POSITIVE_INFINITY;
}
