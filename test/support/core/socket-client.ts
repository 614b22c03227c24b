import type { IncomingMessage } from 'node:http';
import WebSocket, { type ClientOptions } from 'ws';
import { Queue } from './queue.js';

/** What a peer got in the order it came. */
export interface Received {
  readonly data: Buffer;
  readonly isBinary: boolean;
}

export interface Closed {
  readonly code: number;
  readonly reason: string;
}

export interface Refused {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** A WebSocket peer for tests: everything that arrives waits in a queue, so that no test needs to sleep. */
export class SocketClient {
  readonly socket: WebSocket;
  readonly closed: Promise<Closed>;
  readonly #received = new Queue<Received>();

  private constructor(socket: WebSocket) {
    this.socket = socket;
    this.closed = new Promise((resolve) => {
      socket.once('close', (code, reason) => resolve({ code, reason: reason.toString() }));
    });
    socket.on('error', () => {}); // 'close' follows
    socket.on('message', (data, isBinary) => {
      this.#received.push({ data: data as Buffer, isBinary });
    });
  }

  /** Resolves once the WebSocket is open; rejects where it is refused. */
  static async open(
    url: string,
    options: ClientOptions = {},
    protocols: string[] = [],
  ): Promise<SocketClient> {
    const client = new SocketClient(new WebSocket(url, protocols, { perMessageDeflate: false, ...options }));
    await new Promise<void>((resolve, reject) => {
      client.socket.once('open', () => resolve());
      client.socket.once('error', reject);
    });
    return client;
  }

  /** Resolves with the HTTP answer to an upgrade that is refused; rejects where it is accepted. */
  static refused(url: string, options: ClientOptions = {}): Promise<Refused> {
    const socket = new WebSocket(url, { perMessageDeflate: false, ...options });
    return new Promise<Refused>((resolve, reject) => {
      socket.once('unexpected-response', (_request, response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          const body = Buffer.concat(chunks).toString();
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body });
        });
      });
      socket.once('open', () => {
        socket.terminate();
        reject(new Error('the upgrade was accepted'));
      });
      socket.once('error', reject);
    });
  }

  send(data: string | Buffer): void {
    this.socket.send(data);
  }

  /** The next message, whether it has come already or not. */
  next(): Promise<Received> {
    return this.#received.next();
  }

  async nextText(): Promise<string> {
    return (await this.next()).data.toString();
  }

  async nextJson(): Promise<unknown> {
    return JSON.parse(await this.nextText());
  }

  /** How many messages have come that nobody took. */
  get unread(): number {
    return this.#received.length;
  }

  /** Resolves when all that the other end sent so far has come: it answers pings in order. */
  async drained(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.socket.once('pong', () => resolve());
      this.socket.ping();
    });
  }

  async close(): Promise<Closed> {
    this.socket.close();
    return this.closed;
  }
}
