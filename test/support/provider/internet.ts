import { once } from 'node:events';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { createSecureContext } from 'node:tls';
import type { KeyRoute } from '../../../src/keys/key-request.js';
import { Authority } from '../core/certificates.js';
import { ConnectProxy } from '../core/connect-proxy.js';

/**
 * Servers of others under the addresses that they really have, all of them on this machine: `https:`, with certificates of
 * an authority of its own, and found by way of a proxy. Nothing has to be entered that differs from real life.
 */
export class Internet {
  readonly #authority = new Authority();
  readonly #documents = new Map<string, unknown>();
  readonly #proxy: ConnectProxy;
  readonly #server: Server;

  private constructor(proxy: ConnectProxy) {
    this.#proxy = proxy;
    const fallback = this.#authority.issue('nobody', ['nobody']);
    this.#server = createServer(
      {
        ...fallback,
        SNICallback: (name, callback) =>
          callback(null, createSecureContext(this.#authority.issue(name, [name]))),
      },
      ({ headers: { host }, url }, response) => {
        const document = this.#documents.get(`https://${host}${url}`);
        if (document === undefined) response.writeHead(404).end('not found');
        else response.setHeader('content-type', 'application/json').end(JSON.stringify(document));
      },
    );
    this.#server.on('tlsClientError', () => {});
  }

  /** @param documents what is answered, by its URL; anything else is 404 */
  static async start(documents: Readonly<Record<string, unknown>>): Promise<Internet> {
    const internet = new Internet(await ConnectProxy.start());
    internet.#server.listen(0, '127.0.0.1');
    await once(internet.#server, 'listening');
    const { port } = internet.#server.address() as AddressInfo;
    for (const [url, document] of Object.entries(documents)) {
      internet.#documents.set(url, document);
      internet.#proxy.routes.set(`${new URL(url).host}:443`, `127.0.0.1:${port}`);
    }
    return internet;
  }

  /** How a node gets there. */
  get route(): KeyRoute {
    return {
      proxy: { https_proxy: this.#proxy.url, no_proxy: 'none.invalid' },
      tls: { ca: this.#authority.cert },
    };
  }

  async stop(): Promise<void> {
    await this.#proxy.stop();
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
}
