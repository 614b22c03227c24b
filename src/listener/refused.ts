import type { IncomingMessage } from 'node:http';
import type { EndpointEvent } from '../events/events.js';
import type { Rejection } from '../handshake/rejection.js';

/**
 * What is told of a refused upgrade.
 * @param address the peer's, as the socket gives it
 */
export function refused(
  { code, status, because, problem, told }: Rejection,
  address: string,
  { headers: { origin } }: IncomingMessage,
): EndpointEvent {
  const from = origin === undefined ? { address } : { address, origin };
  const event = { kind: 'refused', code, status, because, problem, ...from } as const;
  return told.error === code ? event : { ...event, told: told.error };
}
