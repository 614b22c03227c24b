import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import should from 'should';
import { Authority } from '../../support/core/certificates.js';
import { ClientProbe, type ProbeOptions } from '../../support/core/client-probe.js';
import { ConnectProxy } from '../../support/core/connect-proxy.js';
import { OriginServer } from '../../support/core/origin-server.js';
import { backTo, resources } from '../../support/core/resources.js';

describe('src/client/client: through a proxy', () => {
  const authority = new Authority();
  let origin: OriginServer;
  let proxy: ConnectProxy;
  let probe: ClientProbe;
  let before: Record<string, number>;

  /** Starts a client of the origin that goes through the proxy. */
  function start(options: ProbeOptions = {}, proxyUrl = proxy.url, host = '127.0.0.1'): void {
    const target = { proxy: new URL(proxyUrl), ...options.target };
    probe = new ClientProbe(origin.url('/ws', host), { ...options, target });
  }
  async function startOrigin(hosts?: readonly string[]): Promise<void> {
    origin = await OriginServer.start(hosts === undefined ? {} : { tls: authority.issue('server', hosts) });
  }

  beforeEach(async () => {
    before = await resources();
    proxy = await ConnectProxy.start();
  });
  afterEach(async () => {
    await probe.client.close();
    await proxy.idle();
    await proxy.stop();
    await origin.stop();
    await backTo(before);
  });

  it('tunnels ws: with CONNECT', async () => {
    await startOrigin();
    start({ jwt: 'a.b.c' });
    await probe.next('connect');
    (await origin.accepted.next()).send('through the tunnel');
    should((await probe.messages.next()).payload).equal('through the tunnel');
    should(proxy.log).eql([
      { method: 'CONNECT', target: `127.0.0.1:${origin.port}`, authorization: undefined },
    ]);
    should((await origin.asked.next()).url).equal('/ws?token=a.b.c');
  });

  it('tunnels wss: with CONNECT, and the TLS is with the server', async () => {
    await startOrigin(['localhost']);
    start({ target: { tls: { ca: authority.cert } } }, proxy.url, 'localhost');
    await probe.next('connect');
    (await origin.accepted.next()).send('through the tunnel');
    should((await probe.messages.next()).payload).equal('through the tunnel');
    should(proxy.targets).eql([`localhost:${origin.port}`]);
  });

  it('needs no look at the call stack to know that wss: is TLS', async () => {
    await startOrigin(['localhost']);
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    try {
      start({ target: { tls: { ca: authority.cert } } }, proxy.url, 'localhost');
      await probe.next('connect');
    } finally {
      Error.stackTraceLimit = stackTraceLimit;
    }
  });

  it('checks a certificate against the address in the URL, not against the name of the proxy', async () => {
    await startOrigin(['127.0.0.1']);
    const byName = `http://localhost:${proxy.port}`;
    start({ target: { tls: { ca: authority.cert } } }, byName);
    await probe.next('connect');
    await probe.client.close();
    await origin.stop();
    await startOrigin(['localhost']);
    start({ target: { tls: { ca: authority.cert } } }, byName);
    should(await probe.failure()).equal('ERR_TLS_CERT_ALTNAME_INVALID');
  });

  it('shows its credentials to the proxy, and to nobody else', async () => {
    await startOrigin();
    proxy.credentials = 'us@er:p:ä%w';
    start({}, `http://${encodeURIComponent('us@er')}:${encodeURIComponent('p:ä%w')}@127.0.0.1:${proxy.port}`);
    await probe.next('connect');
    should((await origin.asked.next()).headers['proxy-authorization']).equal(undefined);
  });

  it('takes credentials that are not percent-encoding as they stand', async () => {
    await startOrigin();
    proxy.credentials = 'user:100%';
    start({}, `http://user:100%@127.0.0.1:${proxy.port}`);
    await probe.next('connect');
  });

  it('shows proxy 407 where the proxy does not know it, and goes on trying', async () => {
    await startOrigin();
    proxy.credentials = 'user:right';
    start({ limits: { stableMs: 30 } }, `http://user:wrong@127.0.0.1:${proxy.port}`);
    should(await probe.failure()).equal('proxy 407');
    should(await probe.failure()).equal('proxy 407');
    should(origin.requests).eql([]);
    proxy.credentials = 'user:wrong';
    await probe.next('connect');
    await probe.logged('up');
    should(probe.log).eql(['down proxy 407', 'up']);
  });

  for (const status of [201, 302, 403, 502]) {
    for (const tls of [false, true]) {
      it(`shows that it was the proxy that refused ${tls ? 'wss' : 'ws'}: with ${status}`, async () => {
        await startOrigin(tls ? ['localhost'] : undefined);
        proxy.behaviour = status;
        start({ target: { tls: { ca: authority.cert } } });
        should(await probe.failure()).equal(`proxy ${status}`);
        should(origin.requests).eql([]);
      });
    }
  }

  it("takes nothing from a proxy's page but the status, and waits as long as it says", async () => {
    await startOrigin();
    const server = createServer((socket) => {
      socket.on('error', () => {});
      socket.once('data', () =>
        socket.end('HTTP/1.1 503 No\r\nRetry-After: 3600\r\n\r\n{"error":"not_from_the_server"}'),
      );
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    start({}, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    should(await probe.failure()).equal('proxy 503');
    const closed = once(server, 'close');
    server.close();
    await closed;
    await probe.client.close(); // and leaves no timer, as afterEach sees
    should(probe.log).eql(['down proxy 503']);
  });

  it('shows that it was the proxy that hung up', async () => {
    await startOrigin();
    const server = createServer((socket) => {
      socket.on('error', () => {});
      socket.once('data', () => socket.end());
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    start({}, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    should(await probe.failure()).equal('proxy handshake');
    await probe.client.close();
    const closed = once(server, 'close');
    server.close();
    await closed;
  });

  it("shows the server's own refusal, and its own code, as without a proxy", async () => {
    await startOrigin();
    origin.answer = 401;
    start();
    should(await probe.failure()).equal('401');
    origin.answer = (socket) => socket.end('HTTP/1.1 403 No\r\n\r\n{"error":"not_allowed"}');
    while ((await probe.failure()) !== '403 not_allowed');
    origin.answer = (socket) =>
      socket.end('HTTP/1.1 101 Switching\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
    while ((await probe.failure()) !== 'handshake');
  });

  it('shows the error where nobody answers at the address of the proxy', async () => {
    await startOrigin();
    const gone = await ConnectProxy.start();
    const { url } = gone;
    await gone.stop();
    start({}, url);
    should(await probe.failure()).equal('ECONNREFUSED');
  });

  it('shows timeout where the proxy hangs, and lets go of its socket', async () => {
    await startOrigin();
    proxy.behaviour = 'hang';
    start({ limits: { handshakeTimeoutMs: 40 } });
    should(await probe.failure()).equal('timeout');
    proxy.behaviour = 'tunnel';
    await probe.next('connect');
    should(proxy.openSockets).equal(2); // one to the client, one to the server
  });

  for (const tls of [false, true]) {
    it(`shows timeout where a server behind the proxy hangs${tls ? ' in its TLS handshake' : ''}`, async () => {
      await startOrigin();
      origin.answer = 'silence';
      const url = tls ? origin.url().replace('ws:', 'wss:') : origin.url();
      const target = { proxy: new URL(proxy.url) };
      if (tls) origin.hangOnConnect();
      probe = new ClientProbe(url, { limits: { handshakeTimeoutMs: 40 }, target });
      should(await probe.failure()).equal('timeout');
      should(await probe.failure()).equal('timeout');
    });
  }

  for (const behaviour of ['hang', 'tunnel'] as const) {
    it(`closes promptly while the handshake waits (${behaviour})`, async () => {
      await startOrigin();
      origin.answer = 'silence';
      proxy.behaviour = behaviour;
      start();
      await (behaviour === 'hang' ? proxy.asked() : origin.asked.next());
      const startedMs = performance.now();
      await probe.client.close();
      should(performance.now() - startedMs).be.below(500);
    });
  }

  it('closes before it has begun', async () => {
    await startOrigin();
    start();
    await probe.client.close();
    should(proxy.log).eql([]);
  });

  it('is cut off with its tunnel where the server no longer answers pings', async () => {
    await startOrigin(['localhost']);
    origin.answer = 'deaf';
    const tls = { ca: authority.cert };
    start({ properties: { hb: '0.02' }, target: { tls } }, proxy.url, 'localhost');
    should(await probe.failure()).equal('timeout');
    should(await probe.failure()).equal('timeout');
  });
});
