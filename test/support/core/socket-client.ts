import type { IncomingMessage } from 'node:http';
import WebSocket, { type ClientOptions } from 'ws';

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
  readonly #queue: Received[] = [];
  readonly #waiting: ((received: Received) => void)[] = [];

  private constructor(socket: WebSocket) {
    this.socket = socket;
    this.closed = new Promise((resolve) => {
      socket.once('close', (code, reason) => resolve({ code, reason: reason.toString() }));
    });
    socket.on('error', () => {}); // 'close' follows
    socket.on('message', (data, isBinary) => {
      const received = { data: data as Buffer, isBinary };
      const next = this.#waiting.shift();
      if (next === undefined) this.#queue.push(received);
      else next(received);
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
    const received = this.#queue.shift();
    if (received !== undefined) return Promise.resolve(received);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  async nextText(): Promise<string> {
    return (await this.next()).data.toString();
  }

  async nextJson(): Promise<unknown> {
    return JSON.parse(await this.nextText());
  }

  /** How many messages have come that nobody took. */
  get unread(): number {
    return this.#queue.length;
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
