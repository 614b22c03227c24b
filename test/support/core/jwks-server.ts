import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A key set endpoint whose behaviour a test may change; it counts what it is asked. */
export class JwksServer {
  fetches = 0;
  answer: RequestListener;
  readonly #server: Server;
  #port = 0;
  readonly #asked: (() => void)[] = [];

  private constructor(keys: readonly unknown[]) {
    this.answer = JwksServer.keys(keys);
    this.#server = createServer((request, response) => {
      this.fetches += 1;
      this.answer(request, response);
      for (const tell of this.#asked.splice(0)) tell();
    });
  }

  static async start(keys: readonly unknown[] = []): Promise<JwksServer> {
    const endpoint = new JwksServer(keys);
    await endpoint.up();
    return endpoint;
  }

  get uri(): string {
    return `http://127.0.0.1:${this.#port}/jwks.json`;
  }

  /** Listens, at the same port as before. */
  async up(): Promise<void> {
    this.#server.listen(this.#port, '127.0.0.1');
    await once(this.#server, 'listening');
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  /** Resolves at the next request. */
  asked(): Promise<void> {
    return new Promise((resolve) => this.#asked.push(resolve));
  }

  /** Nobody is there any more, until `up`. */
  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  static keys(keys: readonly unknown[]): RequestListener {
    return (_request, response) => {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ keys }));
    };
  }

  static status(code: number, headers: Record<string, string> = {}): RequestListener {
    return (_request, response) => response.writeHead(code, headers).end('{"keys":[]}');
  }

  static body(text: string): RequestListener {
    return (_request, response) => response.end(text);
  }

  static readonly hang: RequestListener = () => {};

  static readonly cut: RequestListener = (request) => request.socket.destroy();
}
