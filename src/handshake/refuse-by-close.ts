import { type WebSocket, WebSocketServer } from 'ws';
import type { Rejection } from './rejection.js';
import { acceptedProtocol } from './token-sources/protocol.js';
import type { Upgrade } from './upgrade.js';

/** How long a refused peer may take to close. */
const CLOSE_TIMEOUT_MS = 2000;

/** Refused peers of one listener whose sockets may be open at a time. */
const MAX_REFUSED = 256;

/** It has nothing to say: this is as much as a control frame holds (RFC 6455 §5.5). */
const MAX_PAYLOAD = 125;

/** The HTTP statuses that are told as a close code, from the range for private use (RFC 6455 §7.4.2). */
const CLOSE_CODES: ReadonlyMap<number, number> = new Map(
  [400, 401, 403, 429].map((status) => [status, 4000 + status]),
);

/** The close code that tells an HTTP status; undefined where HTTP itself has to tell it, the fault being ours. */
export function closeCodeFor(status: number): number | undefined {
  return CLOSE_CODES.get(status);
}

/**
 * Refuses upgrades in the way that a browser shows to its page: the handshake is completed, and the connection closed at
 * once with a code. Such a peer is no connection of the listener, and what it sends goes nowhere.
 */
export class RefusalsByClose {
  readonly #open = new Set<WebSocket>();
  readonly #server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: MAX_PAYLOAD,
    handleProtocols: acceptedProtocol,
    closeTimeout: CLOSE_TIMEOUT_MS,
  } as ConstructorParameters<typeof WebSocketServer>[0]); // @types/ws does not know closeTimeout yet

  /** @returns false where the refusal has to be told by HTTP: the fault is ours, or too many are open */
  refuse({ request, socket, head }: Upgrade, rejection: Rejection): boolean {
    const code = closeCodeFor(rejection.status);
    if (code === undefined || this.#open.size >= MAX_REFUSED || socket.destroyed) return false;
    this.#server.handleUpgrade(request, socket, head, (webSocket) => {
      this.#open.add(webSocket);
      webSocket.on('error', () => {}); // 'close' follows
      webSocket.on('close', () => this.#open.delete(webSocket));
      const { told } = rejection;
      if (told.data !== undefined) webSocket.send(JSON.stringify({ type: 'unauthorized', ...told }));
      webSocket.close(code, told.error);
    });
    return true;
  }

  /** Cuts off whoever has not closed yet. */
  close(): void {
    for (const webSocket of this.#open) webSocket.terminate();
  }
}
