import type { Socket } from 'node:net';

/**
 * Closes an upgraded socket on which something was written that is not ours, unless somebody reads from it.
 * Another upgrade handler may have answered; then the socket is its own. But the response to an earlier request of the
 * same connection (RFC 9112 §9.3.2) leaves a socket that belongs to nobody, and nothing would ever time it out.
 */
export function closeUnlessTaken(socket: Socket): void {
  if (socket.listenerCount('data') > 0 || socket.listenerCount('readable') > 0) return;
  socket.destroySoon();
}
