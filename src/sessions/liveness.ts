import type { WebSocket } from 'ws';

/** A socket that knows whether its peer has answered the last ping; one function serves all, as ws suggests. */
export interface PingedSocket extends WebSocket {
  isAlive?: boolean;
}

/** Takes every pong from now on for a sign of life (RFC 6455 §5.5.3), and the open connection for the first. */
export function watchPongs(socket: PingedSocket): void {
  socket.isAlive = true;
  socket.on('pong', isAlive);
}

/**
 * Asks the peer of a watched socket for a sign of life (RFC 6455 §5.5.2).
 * @returns false where it has not answered the last ping: it is gone
 */
export function ping(socket: PingedSocket): boolean {
  if (!socket.isAlive) return false;
  socket.isAlive = false;
  socket.ping();
  return true;
}

function isAlive(this: PingedSocket): void {
  this.isAlive = true;
}
