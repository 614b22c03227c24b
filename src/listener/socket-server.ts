import { WebSocket, WebSocketServer } from 'ws';
import { acceptedProtocol } from '../handshake/token-sources/protocol.js';
import { endOnce } from '../wire/end-once.js';

/** A peer that does not answer our close frame is cut off after this time. */
const CLOSE_TIMEOUT_MS = 2000;

/** ws calls `close` whoever begins to close. An open socket holds nothing for its end: there may be thousands. */
class ServerSocket extends WebSocket {
  override close(code?: number, reason?: string | Buffer): void {
    endOnce(this);
    super.close(code, reason);
  }
}

/**
 * What completes the handshakes of a listener, and no more: upgrades come from elsewhere, and nothing is compressed.
 * @param maxPayload largest message that a peer may send, in bytes
 */
export function socketServer(maxPayload: number): WebSocketServer {
  return new WebSocketServer({
    noServer: true,
    WebSocket: ServerSocket,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload,
    handleProtocols: acceptedProtocol,
    closeTimeout: CLOSE_TIMEOUT_MS,
  } as ConstructorParameters<typeof WebSocketServer>[0]); // @types/ws does not know closeTimeout yet
}
