import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import type { RoutingScope } from '../config/listener-schema.js';
import type { Identity } from '../token/identity.js';
import { mayWritePast, type ServerFrame } from '../wire/server-frame.js';
import { type PingedSocket, ping, watchPongs } from './liveness.js';
import { type Session, sessionOf } from './session.js';

/** Why we end a connection: RFC 6455 §7.4 codes, and our own from the range for private use (4000-4999). */
export const CLOSE = {
  tokenExpired: [4401, 'token expired'],
  sessionTimeout: [4408, 'session timeout'],
  rateLimit: [4429, 'rate limit exceeded'],
  slowConsumer: [1013, 'slow consumer'],
  serviceRestart: [1012, 'service restart'],
} as const satisfies Record<string, readonly [number, string]>;

/** Whose connection it is, as a flow is told. */
interface Peer {
  /** A session id that was issued to the identity's tenant. */
  readonly id: string;
  readonly identity: Identity;
  readonly scope: RoutingScope;
}

/** An open WebSocket and who is at its other end, from the handshake to the socket's end. */
export class Connection {
  readonly id: string;
  readonly identity: Identity;
  readonly #socket: PingedSocket;
  readonly #stream: Duplex;
  readonly #scope: RoutingScope;
  readonly #maxBufferedBytes: number;
  /** Whether no extension was negotiated: that is settled with the handshake. */
  readonly #isPlain: boolean;
  #closing = false;
  /** How many want nothing to be read now. */
  #pauses = 0;

  /** @param stream what `socket` itself writes to */
  constructor(socket: WebSocket, stream: Duplex, { id, identity, scope }: Peer, maxBufferedBytes: number) {
    this.id = id;
    this.identity = identity;
    this.#socket = socket;
    this.#stream = stream;
    this.#scope = scope;
    this.#maxBufferedBytes = maxBufferedBytes;
    this.#isPlain = socket.extensions === '';
    watchPongs(socket);
  }

  /** Once true, nothing that still arrives may reach a flow: ws goes on delivering after close(). */
  get closing(): boolean {
    return this.#closing;
  }

  /** What a flow gets as `msg._session`. */
  session(): Session {
    return sessionOf(this.identity, this.id, this.#scope);
  }

  /** Hands a frame to the socket. A peer with too much unread data is closed instead (1013). */
  send(frame: ServerFrame): void {
    const socket = this.#socket;
    if (this.#closing || socket.readyState !== socket.OPEN) return;
    if (socket.bufferedAmount + frame.size > this.#maxBufferedBytes) {
      this.close(...CLOSE.slowConsumer);
    } else if (this.#isPlain && mayWritePast(socket)) {
      this.#write(frame);
    } else {
      socket.send(frame.payload, { binary: frame.isBinary });
    }
  }

  /** Reads no more of what the peer sends, until `resume` was called as often: TCP makes it wait. */
  pause(): void {
    this.#pauses += 1;
    if (this.#pauses === 1 && !this.#closing) this.#socket.pause();
  }

  resume(): void {
    this.#pauses -= 1;
    if (this.#pauses === 0) this.#readOn();
  }

  /** Pings the peer, or cuts it off where it has not answered the last ping (RFC 6455 §5.5.2). */
  checkAlive(): void {
    if (this.#socket.isPaused) return; // its answer would not be read
    if (!ping(this.#socket)) this.terminate();
  }

  /** Starts the closing handshake (RFC 6455 §7.1.2); ws cuts off a peer that does not complete it. */
  close(code: number, reason: string): void {
    if (this.#closing) return;
    this.#closing = true;
    if (this.#socket.isPaused) this.#readOn(); // the closing handshake has another half
    this.#socket.close(code, reason);
  }

  terminate(): void {
    this.#closing = true;
    this.#socket.terminate();
  }

  #write({ bytes, rest }: ServerFrame): void {
    if (rest === undefined) {
      this.#stream.write(bytes);
      return;
    }
    this.#stream.cork();
    this.#stream.write(bytes);
    this.#stream.write(rest);
    this.#stream.uncork();
  }

  #readOn(): void {
    this.#socket.isAlive = true; // what it has answered meanwhile is yet to be read
    this.#socket.resume();
  }
}
