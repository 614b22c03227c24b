import { once } from 'node:events';
import type { Socket } from 'node:net';
import should from 'should';
import { Authority } from '../../support/core/certificates.js';
import { ClientProbe } from '../../support/core/client-probe.js';
import { ConnectProxy } from '../../support/core/connect-proxy.js';
import { acceptFor, OriginServer } from '../../support/core/origin-server.js';
import { backTo, resources } from '../../support/core/resources.js';

/** How a message of 15 MiB begins (RFC 6455 §5.2). */
const LARGE = Buffer.from([0x82, 127, 0, 0, 0, 0, 0, 0xf0, 0, 0]);

for (const [name, isSecure, isProxied] of [
  ['ws:', false, false],
  ['wss:', true, false],
  ['ws: through a proxy', false, true],
  ['wss: through a proxy', true, true],
] as const) {
  describe(`src/client/client: a server that never answers a ping, by ${name}`, () => {
    const authority = new Authority();
    let origin: OriginServer;
    let proxy: ConnectProxy;
    let probe: ClientProbe;
    let before: Record<string, number>;

    function start(): void {
      const target = { tls: { ca: authority.cert }, proxy: isProxied ? new URL(proxy.url) : undefined };
      probe = new ClientProbe(origin.url(), { properties: { hb: '0.03' }, target });
    }

    beforeEach(async () => {
      before = await resources();
      proxy = await ConnectProxy.start();
      const tls = isSecure ? { tls: authority.issue('server', ['127.0.0.1']) } : {};
      origin = await OriginServer.start({ ...tls, autoPong: false });
    });
    afterEach(async () => {
      await probe.client.close();
      await proxy.idle();
      await proxy.stop();
      await origin.stop();
      await backTo(before);
    });

    it('is kept while it sends messages, and cut off when it no longer does', async () => {
      start();
      const server = await origin.accepted.next();
      for (let i = 0; i < 6; i += 1) {
        await once(server, 'ping');
        server.send('still here');
      }
      should(origin.requests.length).equal(1);
      should(await probe.failure()).equal('timeout');
    });

    it('is kept while one large message comes bit by bit, and cut off when it no longer does', async () => {
      const opened = new Promise<Socket>((resolve) => {
        origin.answer = (socket, key) => {
          socket.write(
            `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: ${acceptFor(key)}\r\n\r\n`,
          );
          socket.write(LARGE);
          socket.once('end', () => socket.end());
          resolve(socket);
        };
      });
      start();
      const socket = await opened;
      for (let i = 0; i < 6; i += 1) {
        await once(socket, 'data'); // a ping
        socket.write('x');
      }
      should(origin.requests.length).equal(1);
      should(await probe.failure()).equal('timeout');
    });
  });
}
