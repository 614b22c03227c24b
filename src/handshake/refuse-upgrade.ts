import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { REJECTIONS, type Rejection } from './rejection.js';

/** Seconds after which trying again makes sense, for the refusals that pass by themselves. */
const RETRY_AFTER_SECONDS = 1;

/**
 * Answers an upgrade request with an HTTP error and closes the socket.
 * Every byte is fixed text that the rejection's code and status select.
 */
export function refuseUpgrade(socket: Duplex, { code, status }: Rejection): void {
  if (socket.destroyed || !socket.writable) {
    socket.destroy();
    return;
  }
  const body = JSON.stringify({ error: code });
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Refused'}`,
    'Connection: close',
    'Cache-Control: no-store',
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  const answer = REJECTIONS[code];
  // the user's own check may choose a status that asks for nothing
  if (status === answer.status && 'challenge' in answer) head.push(`WWW-Authenticate: ${answer.challenge}`);
  if (status === 429 || status === 503) head.push(`Retry-After: ${RETRY_AFTER_SECONDS}`);
  socket.once('finish', () => socket.destroy());
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}
