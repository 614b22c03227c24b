import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import WebSocket from 'ws';
import type { MessageOrigin } from '../endpoint/receivers.js';
import { createProxyAgent } from '../proxy/proxy-agent.js';
import { Liveness } from '../sessions/liveness.js';
import type { Session } from '../sessions/session.js';
import type { OutboundPayload } from '../wire/message.js';
import { SendError } from '../wire/send-error.js';
import { readErrorCode } from './error-code.js';
import { openSocket, type SocketLimits, type Target } from './open-socket.js';
import { reasonOf } from './reason.js';
import { retryAfterMs } from './retry-after.js';

/** Times in milliseconds, sizes in bytes. */
export interface ConnectionLimits extends SocketLimits {
  /** From the first packet to the open WebSocket, name look-up, proxy and TLS included. */
  readonly handshakeTimeoutMs: number;
  /** Most that may wait for a server that does not read. */
  readonly maxBufferedBytes: number;
}

/** Told of what becomes of a connection. */
export interface ConnectionHandlers {
  opened(session: Session): void;
  received(data: Buffer, isBinary: boolean, origin: MessageOrigin): void;
  /** Something went wrong with an open connection; its end follows. */
  failed(session: Session): void;
  /** Called once, last. */
  ended(end: ConnectionEnd): void;
}

export interface ConnectionEnd {
  /** Absent where the connection never opened. */
  readonly session?: Session;
  /** Why, in a word or two: an HTTP status and the answer's own code, `proxy` and a status, an error's code, `timeout`, `subprotocol`; absent where the server closed an open connection. */
  readonly reason?: string;
  /** RFC 6455 §7.4, of an open connection. */
  readonly closeCode?: number;
  /** How long the server wants to be left alone, in milliseconds. */
  readonly retryAfterMs?: number;
}

/** How a proxy opens a tunnel. */
const TUNNEL = 200;

/** RFC 9110 §15: below it, an answer is no error and has no error's code. */
const FIRST_ERROR = 400;

/** RFC 6455 §7.4.1: this end is going away. */
const GOING_AWAY = 1001;

/** One attempt to connect to a server and, where it succeeds, the connection until its end. */
export class ClientConnection implements MessageOrigin {
  /** Shorter than the ids that listeners issue: it can never be taken for one. */
  readonly #id = randomBytes(24).toString('base64url');
  readonly #target: Target;
  readonly #limits: ConnectionLimits;
  readonly #handlers: ConnectionHandlers;
  readonly #proxyAbort = new AbortController();
  readonly #done: Promise<void>;
  readonly #deadline: NodeJS.Timeout;
  #resolveDone = () => {};
  #socket: WebSocket | undefined;
  #heartbeat: NodeJS.Timeout | undefined;
  #opened = false;
  #closing = false;
  /** Who answers: the proxy until its tunnel is open. */
  #speaker: '' | 'proxy ' = '';
  #reason: string | undefined;
  #retryAfterMs: number | undefined;

  constructor(target: Target, limits: ConnectionLimits, handlers: ConnectionHandlers) {
    this.#target = target;
    this.#limits = limits;
    this.#handlers = handlers;
    this.#done = new Promise((resolve) => {
      this.#resolveDone = resolve;
    });
    this.#deadline = setTimeout(() => this.#abandon('timeout'), limits.handshakeTimeoutMs);
    this.#dial().catch((error: unknown) => {
      this.#reason ??= reasonOf(error, 'handshake'); // a certificate or key that OpenSSL cannot read, say
      this.#end();
    });
  }

  /** What was handed to the socket and is not sent yet, in bytes. */
  get bufferedBytes(): number {
    return this.#socket?.bufferedAmount ?? 0;
  }

  /** @returns its bytes @throws SendError */
  send({ payload, isBinary }: OutboundPayload): number {
    const { maxBufferedBytes } = this.#limits;
    const bytes = Buffer.byteLength(payload);
    if (bytes > maxBufferedBytes) throw new SendError('send-too-large');
    const socket = this.#socket;
    if (this.#closing || socket?.readyState !== WebSocket.OPEN) throw new SendError('send-not-connected');
    if (socket.bufferedAmount + bytes > maxBufferedBytes) throw new SendError('send-buffer-full');
    socket.send(payload, { binary: isBinary }); // masked, RFC 6455 §5.3
    return bytes;
  }

  /** Ends the connection or the attempt; resolves when its socket is gone. Nothing that still arrives is delivered. */
  close(): Promise<void> {
    if (!this.#closing) {
      this.#closing = true;
      if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.close(GOING_AWAY);
      else this.#abandon(undefined);
    }
    return this.#done;
  }

  async #dial(): Promise<void> {
    const { proxy, url } = this.#target;
    const secure = new URL(url).protocol === 'wss:';
    const agent = await (proxy && createProxyAgent(proxy, secure, this.#proxyAbort.signal));
    if (this.#proxyAbort.signal.aborted) {
      this.#end();
      return;
    }
    if (agent !== undefined) this.#speaker = 'proxy ';
    agent?.once('proxyConnect', ({ statusCode }: { readonly statusCode: number }) => {
      if (statusCode === TUNNEL) this.#speaker = ''; // else its answer is handed on as if it were the server's
    });
    const socket = openSocket(this.#target, this.#limits, agent, () => {
      this.#reason ??= 'subprotocol';
    });
    this.#socket = socket;
    socket.once('upgrade', ({ socket: stream }) => socket.once('open', () => this.#open(socket, stream)));
    socket.once('unexpected-response', (_request, response) => this.#refused(response));
    socket.on('error', (error) => {
      this.#reason ??= reasonOf(error, `${this.#speaker}handshake`);
      if (this.#opened) this.#handlers.failed(this.session());
    });
    socket.on('message', (data, isBinary) => {
      if (this.#closing) return;
      // binaryType is nodebuffer
      this.#handlers.received(data as Buffer, isBinary, this);
    });
    socket.once('close', (code) => this.#end(code));
  }

  /** The answer is no WebSocket: its status is why, and its own code where it has one. */
  async #refused(response: IncomingMessage): Promise<void> {
    const { statusCode = 0 } = response;
    this.#reason = `${this.#speaker}${statusCode}`; // for the deadline, which goes on
    this.#retryAfterMs = retryAfterMs(response);
    const isCoded = statusCode >= FIRST_ERROR && this.#speaker === ''; // a proxy has pages for people
    const code = isCoded ? await readErrorCode(response) : undefined;
    if (code !== undefined) this.#reason += ` ${code}`;
    this.#abandon(undefined);
  }

  #open(socket: WebSocket, stream: Socket): void {
    clearTimeout(this.#deadline);
    this.#opened = true;
    const { heartbeatMs } = this.#target;
    if (heartbeatMs !== undefined) this.#startHeartbeat(new Liveness(socket, stream), heartbeatMs);
    this.#handlers.opened(this.session());
  }

  /** RFC 6455 §5.5.2: a server that is there answers pings. */
  #startHeartbeat(liveness: Liveness, intervalMs: number): void {
    this.#heartbeat = setInterval(() => {
      if (liveness.ask()) return;
      clearInterval(this.#heartbeat);
      this.#handlers.failed(this.session());
      this.#abandon('timeout');
    }, intervalMs);
  }

  /** Lets go of the socket in whatever state it is. */
  #abandon(reason: string | undefined): void {
    this.#reason ??= reason;
    this.#proxyAbort.abort();
    this.#socket?.terminate();
  }

  #end(closeCode?: number): void {
    clearTimeout(this.#deadline);
    clearInterval(this.#heartbeat);
    this.#proxyAbort.abort();
    this.#resolveDone();
    this.#handlers.ended({
      ...(this.#opened ? { session: this.session() } : {}),
      ...(this.#opened && closeCode !== undefined ? { closeCode } : {}),
      ...(this.#reason === undefined ? {} : { reason: this.#reason }),
      ...(this.#retryAfterMs === undefined ? {} : { retryAfterMs: this.#retryAfterMs }),
    });
  }

  /** What a flow gets as `msg._session`: a new object each time. */
  session(): Session {
    return { type: 'websocket', id: this.#id, authStatus: 'none' };
  }
}
