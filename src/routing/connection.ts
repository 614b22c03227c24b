import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import type { Identity } from '../auth/identity.js';
import type { Session } from '../endpoint.js';
import { mayWritePast, type ServerFrame } from '../transport/server-frame.js';
import type { ConfiguredScope } from './scope.js';
import { issueSessionId } from './session-id.js';

/** Why we end a connection: RFC 6455 §7.4 codes, and our own from the range for private use (4000-4999). */
export const CLOSE = {
  tokenExpired: [4401, 'token expired'],
  sessionTimeout: [4408, 'session timeout'],
  rateLimit: [4429, 'rate limit exceeded'],
  slowConsumer: [1013, 'slow consumer'],
  serviceRestart: [1012, 'service restart'],
} as const satisfies Record<string, readonly [number, string]>;

/** An open WebSocket and who is at its other end, from the handshake to the socket's end. */
export class Connection {
  readonly id: string;
  readonly identity: Identity;
  readonly #socket: WebSocket;
  readonly #stream: Duplex;
  readonly #scope: ConfiguredScope;
  readonly #maxBufferedBytes: number;
  #answered = true;
  #closing = false;

  /** @param stream what `socket` itself writes to */
  constructor(
    socket: WebSocket,
    stream: Duplex,
    identity: Identity,
    scope: ConfiguredScope,
    maxBufferedBytes: number,
  ) {
    this.id = issueSessionId(identity.tenantId);
    this.identity = identity;
    this.#socket = socket;
    this.#stream = stream;
    this.#scope = scope;
    this.#maxBufferedBytes = maxBufferedBytes;
    socket.on('pong', () => {
      this.#answered = true;
    });
  }

  /** Once true, nothing that still arrives may reach a flow: ws goes on delivering after close(). */
  get closing(): boolean {
    return this.#closing;
  }

  /** What a flow gets as `msg._session`: a new object each time, for the flow to do with as it likes. */
  session(): Session {
    const { tenantId, subject, authStatus } = this.identity;
    return {
      type: 'websocket',
      id: this.id,
      tenantId,
      ...(subject === undefined ? {} : { subject }),
      authStatus,
      routingScope: this.#scope,
    };
  }

  /** Hands a frame to the socket. A peer that has left more than it may unread is closed instead. */
  send(frame: ServerFrame): void {
    const socket = this.#socket;
    if (this.#closing || socket.readyState !== socket.OPEN) return;
    if (socket.bufferedAmount + frame.bytes.length > this.#maxBufferedBytes) {
      this.close(...CLOSE.slowConsumer);
    } else if (mayWritePast(socket)) {
      this.#stream.write(frame.bytes);
    } else {
      socket.send(frame.payload, { binary: frame.isBinary });
    }
  }

  /** Pings the peer, or cuts it off where it has not answered the last ping (RFC 6455 §5.5.2). */
  checkAlive(): void {
    if (!this.#answered) {
      this.terminate();
      return;
    }
    this.#answered = false;
    this.#socket.ping();
  }

  /** Starts the closing handshake (RFC 6455 §7.1.2); ws cuts off a peer that does not complete it. */
  close(code: number, reason: string): void {
    if (this.#closing) return;
    this.#closing = true;
    this.#socket.close(code, reason);
  }

  terminate(): void {
    this.#closing = true;
    this.#socket.terminate();
  }
}
