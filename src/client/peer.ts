import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import WebSocket from 'ws';
import type { MessageOrigin } from '../endpoint/receivers.js';
import { Liveness } from '../sessions/liveness.js';
import type { Session } from '../sessions/session.js';
import { type Amount, Tally } from '../sessions/traffic.js';
import { FragmentList } from '../wire/fragment-list.js';
import type { OutboundPayload } from '../wire/message.js';
import { SendError } from '../wire/send-error.js';

/** What a connection was used for. */
export interface Usage {
  /** Since it was open, in milliseconds. */
  readonly durationMs: number;
  readonly received: Amount;
  readonly sent: Amount;
}

/** Gets every message of the server. */
export type PeerReceiver = (data: Buffer, isBinary: boolean, origin: MessageOrigin) => void;

/** RFC 6455 §7.4.1: done, and this end is going away. */
const CLOSE = { done: 1000, goingAway: 1001 };

/** What a ping carries whose answer is waited for, and how long it is, in milliseconds. */
const MARK = Buffer.from('caught up');
const PATIENCE_MS = 2000;

/** The server at the other end of an open WebSocket. */
export class Peer implements MessageOrigin {
  /** Shorter than the ids that listeners issue: it can never be taken for one. */
  readonly #id = randomBytes(24).toString('base64url');
  readonly #socket: WebSocket;
  readonly #stream: Socket;
  readonly #maxBufferedBytes: number;
  readonly #liveness: Liveness;
  readonly #openedAtMs = performance.now();
  readonly #received = new Tally();
  readonly #sent = new Tally();
  #heartbeat: NodeJS.Timeout | undefined;
  #catchingUp: NodeJS.Timeout | undefined;
  /** `finishing`: what the server still sends is delivered; `closing`: nothing is. */
  #state: 'open' | 'finishing' | 'closing' = 'open';

  /** @param stream what `socket` itself reads from and writes to */
  constructor(socket: WebSocket, stream: Socket, maxBufferedBytes: number, receive: PeerReceiver) {
    this.#socket = socket;
    this.#stream = stream;
    this.#maxBufferedBytes = maxBufferedBytes;
    this.#liveness = new Liveness(socket, stream);
    const fragments = new FragmentList(socket);
    socket.on('message', (data, isBinary) => {
      fragments.reuse();
      if (this.#state === 'closing') return;
      const message = data as Buffer; // binaryType is nodebuffer
      this.#received.add(1, message.length);
      receive(message, isBinary, this);
    });
  }

  /** The subprotocol that was chosen; empty: none. */
  get protocol(): string {
    return this.#socket.protocol;
  }

  get usage(): Usage {
    const durationMs = Math.round(performance.now() - this.#openedAtMs);
    return { durationMs, received: { ...this.#received }, sent: { ...this.#sent } };
  }

  /** What a flow gets as `msg._session`: a new object each time. */
  session(): Session {
    return { type: 'websocket', id: this.#id, authStatus: 'none' };
  }

  isOf(session: unknown): boolean {
    return (Object(session) as { readonly id?: unknown }).id === this.#id;
  }

  /** What is handed to the socket and not sent yet, in bytes. */
  get bufferedBytes(): number {
    return this.#socket.bufferedAmount;
  }

  /** @returns its bytes @throws SendError */
  send({ payload, isBinary }: OutboundPayload): number {
    const bytes = Buffer.byteLength(payload);
    if (bytes > this.#maxBufferedBytes) throw new SendError('send-too-large');
    const socket = this.#socket;
    if (this.#state !== 'open' || socket.readyState !== WebSocket.OPEN)
      throw new SendError('send-not-connected');
    if (socket.bufferedAmount + bytes > this.#maxBufferedBytes) throw new SendError('send-buffer-full');
    this.#sent.add(1, bytes);
    socket.send(payload, { binary: isBinary }); // masked, RFC 6455 §5.3
    return bytes;
  }

  /** Says something about the login, which is no message of a flow. */
  tell(text: string): void {
    if (this.#state === 'open' && this.#socket.readyState === WebSocket.OPEN) this.#socket.send(text);
  }

  /** Calls `callback` once the server has read what fills the buffer, unless the connection ends before. */
  onceDrained(callback: () => void): void {
    this.#stream.once('drain', callback);
  }

  /** Pings the server at this interval: one that is there answers (RFC 6455 §5.5.2). */
  startHeartbeat(intervalMs: number, silent: () => void): void {
    this.#heartbeat = setInterval(() => {
      if (this.#socket.isPaused || this.#liveness.ask()) return;
      clearInterval(this.#heartbeat);
      silent();
    }, intervalMs);
  }

  /** Reads nothing, until `resume`. */
  pause(): void {
    this.#socket.pause();
  }

  /** Reads on. @param caughtUp called once all has come that the server sent before now, or where it does not say so */
  resume(caughtUp: () => void): void {
    const socket = this.#socket;
    this.#liveness.restart();
    socket.resume();
    if (socket.readyState !== WebSocket.OPEN) return;
    const finish = () => {
      clearTimeout(this.#catchingUp);
      socket.off('pong', answered);
      caughtUp();
    };
    const answered = (data: Buffer) => {
      if (data.equals(MARK)) finish();
    };
    this.#catchingUp = setTimeout(finish, PATIENCE_MS);
    socket.on('pong', answered);
    socket.ping(MARK);
  }

  /** Sends no more, and ends the connection; what the server sends until it is closed is still delivered. */
  finish(): void {
    if (this.#state !== 'open') return;
    this.#state = 'finishing';
    this.#socket.close(CLOSE.done);
  }

  /** Ends the connection; nothing that still arrives is delivered. */
  close(): void {
    this.#state = 'closing';
    if (this.#socket.isPaused) this.#socket.resume(); // the closing handshake has another half
    this.#socket.close(CLOSE.goingAway);
  }

  /** The socket has ended. */
  ended(): void {
    clearInterval(this.#heartbeat);
    clearTimeout(this.#catchingUp);
  }
}
