import type { Socket } from 'node:net';
import type { WebSocket } from 'ws';

/** What is counted on the stream below a WebSocket. */
type Counted = Pick<Socket, 'bytesRead'>;

/** No stream has read so many. */
const NOTHING_ASKED = -1;

/**
 * Whether the peer of an open WebSocket is still there. Whatever it sends is a sign of life, a pong or a part of a message
 * that takes minutes (RFC 6455 §5.5.2 asks only that pings be answered). The stream counts its bytes anyway, so that
 * messages cost nothing.
 */
export class Liveness {
  readonly #socket: WebSocket;
  readonly #stream: Counted;
  #readBefore = NOTHING_ASKED;

  /** @param stream what `socket` reads from */
  constructor(socket: WebSocket, stream: Counted) {
    this.#socket = socket;
    this.#stream = stream;
  }

  /**
   * Asks the peer for a sign of life.
   * @returns false where nothing has come since it was asked before: it is gone
   */
  ask(): boolean {
    const { bytesRead } = this.#stream;
    if (bytesRead === this.#readBefore) return false;
    this.#readBefore = bytesRead;
    this.#socket.ping();
    return true;
  }

  /** Nothing was read for a while, so that nothing can be told: the next `ask` is the first again. */
  restart(): void {
    this.#readBefore = NOTHING_ASKED;
  }
}
