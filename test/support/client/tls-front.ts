import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import { createServer, type Server, type TLSSocket, type TlsOptions } from 'node:tls';

/** TLS in front of a server on this machine, as a reverse proxy puts it there. */
export class TlsFront {
  readonly #server: Server;
  readonly #sockets = new Set<TLSSocket>();

  private constructor(tls: TlsOptions, port: number) {
    this.#server = createServer(tls, (socket) => {
      this.#sockets.add(socket);
      const inner = connect(port, '127.0.0.1');
      socket.on('error', () => inner.destroy()).on('close', () => this.#sockets.delete(socket));
      inner.on('error', () => socket.destroy());
      socket.pipe(inner).pipe(socket);
    });
    this.#server.on('tlsClientError', () => {});
  }

  static async start(tls: TlsOptions, port: number): Promise<TlsFront> {
    const front = new TlsFront(tls, port);
    front.#server.listen(0, '127.0.0.1');
    await once(front.#server, 'listening');
    return front;
  }

  get origin(): string {
    return `https://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }
}
