import { Writable } from 'node:stream';
import type { WebSocket } from 'ws';

/** The private state of ws that we look for (lib/websocket.js). */
interface SocketState {
  readonly _socket?: unknown;
  readonly _receiver?: unknown;
}

/**
 * Has the streams of a WebSocket take it quietly when they are ended again. When a connection goes, ws ends its socket once
 * more, and its receiver twice more. Node answers each with an error and its stack trace, made for nobody: that was a
 * fifth of what a connection cost from handshake to end. Where ws has changed, nothing is touched.
 */
export function endOnce(webSocket: WebSocket): void {
  const { _socket: socket, _receiver: receiver } = webSocket as unknown as SocketState; // private
  if (socket instanceof Writable) socket.end = end;
  if (receiver instanceof Writable) receiver.end = end;
}

/** Of a stream that has finished, `end` without a callback changes nothing. */
function end(this: Writable, ...given: readonly unknown[]): Writable {
  if (this.writableFinished && given.length === 0) return this;
  return Object.getPrototypeOf(this).end.apply(this, given);
}
