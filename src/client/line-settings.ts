import { type ClientOptions, checkedUrl, type TokenOrigin } from '../config/client-options.js';
import type { ConnectionLimits } from './connection.js';
import type { LineSettings } from './line.js';
import { openTokenSupply } from './open-token-supply.js';
import type { ClientWorld } from './token-supply.js';

/** Times in milliseconds, sizes in bytes. */
export interface ClientLimits extends Omit<ConnectionLimits, 'handshakeTimeoutMs' | 'maxPayload'> {
  /** A connection that has been open this long is a success: it ends an outage, and the back-off starts anew. */
  readonly stableMs: number;
  /** Longest wait before the first retry. */
  readonly firstBackoffMs: number;
}

export const CLIENT_LIMITS: ClientLimits = {
  closeTimeoutMs: 1000, // redeploying waits for it
  loginTimeoutMs: 10_000,
  maxBufferedBytes: 16 * 1024 * 1024,
  stableMs: 10_000, // longer than a server needs that accepts first and checks the token afterwards
  firstBackoffMs: 1000,
};

/** What a flow may say of a connection, in place of what is configured. */
export interface ConnectWish {
  readonly url?: string;
  readonly token?: string;
}

/**
 * What one line of a client is to do.
 * @throws ConfigurationError where the URL is none, or its proxy
 */
export function lineSettings(
  options: ClientOptions,
  wish: ConnectWish,
  world: ClientWorld,
  limits: ClientLimits,
): LineSettings {
  const { address, subprotocols, headers, heartbeatMs, placement, handshakeTimeoutMs, maxPayload } = options;
  const url = checkedUrl(wish.url ?? (address.kind === 'url' ? address.url : ''), options);
  const origin: TokenOrigin = wish.token === undefined ? options.token : { kind: 'fixed', token: wish.token };
  return {
    target: {
      url,
      subprotocols,
      headers,
      ...world.route(url),
      ...(heartbeatMs === undefined ? {} : { heartbeatMs }),
      login: { kind: 'none' },
    },
    placement,
    limits: { ...limits, handshakeTimeoutMs, maxPayload },
    tokens: openTokenSupply(origin, world),
    takesOver: options.takesOver && origin.kind === 'grant',
    reconnects: options.reconnects,
    maxBackoffMs: options.maxBackoffMs,
  };
}
