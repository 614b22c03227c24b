import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { TlsOptions } from 'node:tls';
import { Queue } from './queue.js';
import { CLAIMS, type Claims, seconds, token } from './tokens.js';

/** What a token endpoint was asked. */
export interface TokenRequest {
  readonly method: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly form: URLSearchParams;
}

type Answer = (response: ServerResponse, request: TokenRequest) => void;

/** A token endpoint (RFC 6749 §3.2) that gives anybody a token; what it answers may change while it runs. */
export class TokenServer {
  answer: Answer = TokenServer.granting();
  readonly requests: TokenRequest[] = [];
  /** Those that no test has taken. */
  readonly asked = new Queue<TokenRequest>();
  readonly #server: Server;
  readonly #scheme: string;
  readonly #sockets = new Set<Socket>();

  private constructor(tls: TlsOptions | undefined) {
    this.#scheme = tls === undefined ? 'http' : 'https';
    this.#server = tls === undefined ? createServer() : createTlsServer(tls);
    this.#server.on('tlsClientError', () => {});
    this.#server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.on('error', () => {}).once('close', () => this.#sockets.delete(socket));
    });
    this.#server.on('request', async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk);
      const { method, headers } = request;
      const asked = { method, headers, form: new URLSearchParams(Buffer.concat(chunks).toString()) };
      this.requests.push(asked);
      this.answer(response, asked);
      this.asked.push(asked);
    });
  }

  static async start(tls?: TlsOptions): Promise<TokenServer> {
    const server = new TokenServer(tls);
    server.#server.listen(0, '127.0.0.1');
    await once(server.#server, 'listening');
    return server;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `${this.#scheme}://127.0.0.1:${this.port}/token`;
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }

  /** Each time another token, good for so many seconds; it is good for a little longer than is said. */
  static granting(lifeSeconds = 3600, claims: Claims = CLAIMS): Answer {
    let count = 0;
    return (response) => {
      count += 1;
      const access_token = token({ ...claims, exp: seconds(Math.ceil(lifeSeconds) + 1), jti: String(count) });
      TokenServer.json({ access_token, token_type: 'Bearer', expires_in: lifeSeconds })(response);
    };
  }

  static json(
    body: unknown,
    status = 200,
    headers: Record<string, string> = {},
  ): (to: ServerResponse) => void {
    return (response) =>
      response
        .writeHead(status, { 'content-type': 'application/json', ...headers })
        .end(typeof body === 'string' ? body : JSON.stringify(body));
  }
}
