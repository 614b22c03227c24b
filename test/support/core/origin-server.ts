import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { TlsOptions } from 'node:tls';
import { type WebSocket, WebSocketServer } from 'ws';
import { Queue } from './queue.js';

/** How an origin answers an upgrade request. */
export type Answer =
  | 'accept'
  /** Never. */
  | 'silence'
  /** With a WebSocket that nobody serves: no frame is answered. */
  | 'deaf'
  /** The same, and nothing is even read. */
  | 'stuck'
  /** With an HTTP status. */
  | number
  /** `key` is the request's Sec-WebSocket-Key. */
  | ((socket: Socket, key: string) => void);

/** A WebSocket server for clients to connect to; what it answers may change while it runs. */
export class OriginServer {
  answer: Answer = 'accept';
  /** Every upgrade request, in order. */
  readonly requests: IncomingMessage[] = [];
  /** Every accepted WebSocket that no test has taken. */
  readonly accepted = new Queue<WebSocket>();
  /** Every upgrade request that no test has taken. */
  readonly asked = new Queue<IncomingMessage>();
  readonly #server: Server;
  readonly #scheme: string;
  readonly #webSockets: WebSocketServer;
  readonly #sockets = new Set<Socket>();

  private constructor(tls: TlsOptions | undefined, autoPong: boolean) {
    this.#scheme = tls === undefined ? 'ws' : 'wss';
    this.#server = tls === undefined ? createServer() : createTlsServer(tls);
    this.#webSockets = new WebSocketServer({ noServer: true, autoPong });
    this.#server.on('connection', (socket: Socket) => this.#keep(socket));
    this.#server.on('tlsClientError', () => {});
    this.#server.on('upgrade', (request, socket: Socket, head: Buffer) => {
      this.requests.push(request);
      this.asked.push(request);
      socket.on('error', () => {});
      this.#answer(request, socket, head);
    });
  }

  static async start(options: { tls?: TlsOptions; autoPong?: boolean; port?: number } = {}) {
    const origin = new OriginServer(options.tls, options.autoPong ?? true);
    origin.#server.listen(options.port ?? 0, '127.0.0.1');
    await once(origin.#server, 'listening');
    return origin;
  }

  /** From now on nothing is said to anybody, not even in a TLS handshake. */
  hangOnConnect(): void {
    this.#server.removeAllListeners('connection');
    this.#server.on('connection', (socket: Socket) => {
      this.#keep(socket);
      readAll(socket);
    });
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  url(path = '/', host = '127.0.0.1'): string {
    return `${this.#scheme}://${host}:${this.port}${path}`;
  }

  /** TCP connections that are open now. */
  get openSockets(): number {
    return this.#sockets.size;
  }

  get openWebSockets(): number {
    return this.#webSockets.clients.size;
  }

  /** Cuts every connection. */
  dropAll(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  /** Resolves when every TCP connection is gone. */
  async idle(): Promise<void> {
    await Promise.all(
      [...this.#sockets].map(
        (socket) => new Promise<void>((resolve) => socket.once('close', () => resolve())),
      ),
    );
  }

  async stop(): Promise<void> {
    this.dropAll();
    this.#server.close();
    if (this.#server.listening) await once(this.#server, 'close');
  }

  #keep(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('error', () => {}); // 'close' follows
    socket.once('close', () => this.#sockets.delete(socket));
  }

  #answer(request: IncomingMessage, socket: Socket, head: Buffer): void {
    if (typeof this.answer === 'function') this.answer(socket, keyOf(request));
    else if (typeof this.answer === 'number') socket.end(`HTTP/1.1 ${this.answer} No\r\n\r\n`);
    else if (this.answer === 'stuck') acceptAndForget(request, socket);
    else if (this.answer === 'deaf') acceptAndForget(request, readAll(socket));
    else if (this.answer === 'silence') readAll(socket);
    else if (this.answer === 'accept') {
      this.#webSockets.handleUpgrade(request, socket, head, (webSocket) => {
        webSocket.on('error', () => {});
        this.accepted.push(webSocket);
      });
    }
  }
}

/** What a server proves with that it has read the request (RFC 6455 §4.2.2). */
export function acceptFor(key: string): string {
  return createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
}

/** Else nobody hears that the other end hung up: Node's http server leaves sockets half open. */
function readAll(socket: Socket): Socket {
  return socket.once('end', () => socket.end()).resume();
}

/** RFC 6455 §4.2.2. */
function acceptAndForget(request: IncomingMessage, socket: Socket): void {
  const accept = acceptFor(keyOf(request));
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
  );
}

function keyOf({ headers }: IncomingMessage): string {
  return headers['sec-websocket-key'] ?? '';
}
