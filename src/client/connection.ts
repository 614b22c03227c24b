import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import WebSocket from 'ws';
import type { MessageOrigin } from '../endpoint/receivers.js';
import { createProxyAgent } from '../proxy/proxy-agent.js';
import { connectionEnd } from './connection-end.js';
import type { ConnectionHandlers } from './connection-handlers.js';
import { readErrorCode, shownCode } from './error-code.js';
import { Login } from './login.js';
import { openSocket, type SocketLimits, type Target } from './open-socket.js';
import { Peer } from './peer.js';
import { reasonOf } from './reason.js';
import { retryAfterMs } from './retry-after.js';

/** Times in milliseconds, sizes in bytes. */
export interface ConnectionLimits extends SocketLimits {
  /** From the first packet to the open WebSocket, name look-up, proxy and TLS included. */
  readonly handshakeTimeoutMs: number;
  /** From the open WebSocket to the server's word that the token is taken. */
  readonly loginTimeoutMs: number;
  /** Most that may wait for a server that does not read. */
  readonly maxBufferedBytes: number;
}

/** How a proxy opens a tunnel. */
const TUNNEL = 200;

/** RFC 9110 §15: below it, an answer is no error and has no error's code. */
const FIRST_ERROR = 400;

/** One attempt to connect to a server and, where it succeeds, the connection until its end. */
export class ClientConnection {
  readonly #target: Target;
  readonly #limits: ConnectionLimits;
  readonly #handlers: ConnectionHandlers;
  readonly #proxyAbort = new AbortController();
  readonly #done: Promise<void>;
  #deadline: NodeJS.Timeout;
  #resolveDone = () => {};
  #socket: WebSocket | undefined;
  #peer: Peer | undefined;
  #login: Login | undefined;
  #isOpen = false;
  #isClosing = false;
  /** Who answers: the proxy until its tunnel is open. */
  #speaker: '' | 'proxy ' = '';
  #reason: string | undefined;
  #retryAfterMs: number | undefined;
  #status: number | undefined;
  #loginError: string | undefined;

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

  /** Shows a newer token, where tokens go by message. */
  show(token: string): void {
    this.#login?.show(token);
  }

  /** Ends the connection or the attempt; resolves when its socket is gone. Nothing that still arrives is delivered. */
  close(): Promise<void> {
    if (!this.#isClosing) {
      this.#isClosing = true;
      if (this.#socket?.readyState === WebSocket.OPEN) this.#peer?.close();
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
    socket.once('upgrade', ({ socket: stream }) =>
      socket.once('open', () => this.#connected(socket, stream)),
    );
    socket.once('unexpected-response', (_request, response) => this.#refused(response));
    socket.on('error', (error) => {
      this.#reason ??= reasonOf(error, `${this.#speaker}handshake`);
      if (this.#isOpen && this.#peer !== undefined) this.#handlers.failed(this.#peer.session());
    });
    socket.once('close', (code) => this.#end(code));
  }

  /** The answer is no WebSocket: its status is why, and its own code where it has one. */
  async #refused(response: IncomingMessage): Promise<void> {
    const { statusCode = 0 } = response;
    this.#reason = `${this.#speaker}${statusCode}`; // for the deadline, which goes on
    this.#retryAfterMs = retryAfterMs(response);
    if (this.#speaker === '') this.#status = statusCode;
    const isCoded = statusCode >= FIRST_ERROR && this.#speaker === ''; // a proxy has pages for people
    const code = isCoded ? await readErrorCode(response) : undefined;
    if (code !== undefined) this.#reason += ` ${code}`;
    this.#abandon(undefined);
  }

  #connected(socket: WebSocket, stream: Socket): void {
    clearTimeout(this.#deadline);
    const { login, heartbeatMs, secretSubprotocol } = this.#target;
    if (secretSubprotocol !== undefined && socket.protocol === secretSubprotocol) {
      this.#abandon('subprotocol'); // it repeats the token, to whoever asks for the protocol
      return;
    }
    const peer = new Peer(socket, stream, this.#limits.maxBufferedBytes, (...message) =>
      this.#received(...message),
    );
    this.#peer = peer;
    if (heartbeatMs !== undefined) peer.startHeartbeat(heartbeatMs, () => this.#silent(peer));
    if (login.kind === 'none') {
      this.#open(peer);
      return;
    }
    this.#deadline = setTimeout(() => this.#abandon('timeout'), this.#limits.loginTimeoutMs);
    this.#login = new Login((text) => peer.tell(text), {
      accepted: (expiresIn) => {
        if (!this.#isOpen) this.#open(peer);
        this.#handlers.loggedIn(expiresIn);
      },
      refused: (error) => this.#loginRefused(error),
      expiring: () => this.#handlers.expiring(),
    });
    this.#login.show(login.token);
  }

  #open(peer: Peer): void {
    clearTimeout(this.#deadline);
    this.#isOpen = true;
    this.#handlers.opened(peer);
  }

  /** Before the login is over nothing is for the flow, whatever the server says. */
  #received(data: Buffer, isBinary: boolean, origin: MessageOrigin): void {
    if (this.#login?.take(data, isBinary)) return;
    if (this.#isOpen) this.#handlers.received(data, isBinary, origin);
  }

  #loginRefused(error: string): void {
    const code = shownCode(error);
    if (this.#isOpen) this.#handlers.loginRefused(code ?? 'unauthorized');
    else this.#loginError = code; // its end follows
  }

  #silent(peer: Peer): void {
    if (this.#isOpen) this.#handlers.failed(peer.session());
    this.#abandon('timeout');
  }

  /** Lets go of the socket in whatever state it is. */
  #abandon(reason: string | undefined): void {
    this.#reason ??= reason;
    this.#proxyAbort.abort();
    this.#socket?.terminate();
  }

  #end(closeCode?: number): void {
    clearTimeout(this.#deadline);
    this.#peer?.ended();
    this.#proxyAbort.abort();
    this.#resolveDone();
    this.#handlers.ended(
      connectionEnd({
        peer: this.#peer,
        isOpen: this.#isOpen,
        closeCode,
        reason: this.#reason,
        status: this.#status,
        retryAfterMs: this.#retryAfterMs,
        loginError: this.#loginError,
      }),
    );
  }
}
