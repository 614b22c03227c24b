import { WebSocketServer } from 'ws';
import { acceptedProtocol } from '../handshake/token-sources/protocol.js';

/** A peer that does not answer our close frame is cut off after this time. */
const CLOSE_TIMEOUT_MS = 2000;

/**
 * What completes the handshakes of a listener, and no more: upgrades come from elsewhere, and nothing is compressed.
 * @param maxPayload largest message that a peer may send, in bytes
 */
export function socketServer(maxPayload: number): WebSocketServer {
  return new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload,
    handleProtocols: acceptedProtocol,
    closeTimeout: CLOSE_TIMEOUT_MS,
  } as ConstructorParameters<typeof WebSocketServer>[0]); // @types/ws does not know closeTimeout yet
}
