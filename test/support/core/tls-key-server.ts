import { once } from 'node:events';
import { createServer, type Server } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { TlsOptions } from 'node:tls';

/** A key set endpoint that speaks TLS; it counts what it is asked. */
export class TlsKeyServer {
  fetches = 0;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(tls: TlsOptions, keys: readonly unknown[]) {
    this.#server = createServer(tls, (_request, response) => {
      this.fetches += 1;
      response.end(JSON.stringify({ keys }));
    });
    this.#server.on('tlsClientError', () => {});
    this.#server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
  }

  static async start(tls: TlsOptions, keys: readonly unknown[]): Promise<TlsKeyServer> {
    const endpoint = new TlsKeyServer(tls, keys);
    endpoint.#server.listen(0, '127.0.0.1');
    await once(endpoint.#server, 'listening');
    return endpoint;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  uri(host = '127.0.0.1'): string {
    return `https://${host}:${this.port}/jwks.json`;
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }
}
