import type { ListenerOptions } from '../config/listener-options.js';
import type { Connection } from '../sessions/connection.js';
import { dateOf, expiryOf } from '../sessions/lifetime.js';
import type { Session } from '../sessions/session.js';
import type { Amount } from '../sessions/traffic.js';

/** What a flow is told of a connection. Times in milliseconds since the epoch, sizes in bytes. */
export interface ConnectionRow {
  readonly session: Session;
  readonly address: string;
  readonly connectedAt: number;
  /** null: it does not expire. */
  readonly expiresAt: number | null;
  readonly received: Amount;
  readonly sent: Amount;
  readonly bufferedBytes: number;
}

export function rowOf(connection: Connection, options: ListenerOptions): ConnectionRow {
  const { address, connectedAt, bufferedBytes, identity, traffic } = connection;
  return {
    session: connection.session(),
    address,
    connectedAt,
    expiresAt: dateOf(expiryOf(identity, options)),
    received: traffic.received,
    sent: traffic.sent,
    bufferedBytes,
  };
}
