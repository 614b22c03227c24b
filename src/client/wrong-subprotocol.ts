import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** RFC 6455 §1.3. */
const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

/**
 * Whether a server opens a WebSocket, but with none of the subprotocols that were offered, or with one although none was
 * (RFC 6455 §4.1, step 6). ws gives up then, and its error has no code.
 * @param key the request's Sec-WebSocket-Key
 */
export function isWrongSubprotocol(
  { headers }: IncomingMessage,
  offered: readonly string[],
  key: unknown,
): boolean {
  const chosen = headers['sec-websocket-protocol'];
  const isRight = chosen === undefined ? offered.length === 0 : offered.includes(chosen);
  return !isRight && headers['sec-websocket-accept'] === acceptFor(key);
}

/** RFC 6455 §4.2.2, step 5.4. */
function acceptFor(key: unknown): string {
  return createHash('sha1').update(`${key}${GUID}`).digest('base64');
}
