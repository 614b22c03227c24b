import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import should from 'should';
import { ListenerServer, type ListenerServerOptions } from '../../support/core/listener-server.js';
import { Queue } from '../../support/core/queue.js';
import { clientFrame, rawSocket, upgradeRequest } from '../../support/core/raw-client.js';
import { SocketClient } from '../../support/core/socket-client.js';
import { CLAIMS, seconds, token } from '../../support/core/tokens.js';

/** A ping of the listener's: RFC 6455 §5.2. */
const PING = Buffer.from([0x89, 0]);

describe('src/listener/listener: the life of a connection', () => {
  let server: ListenerServer;

  async function start(options: ListenerServerOptions = {}): Promise<void> {
    server = await ListenerServer.start(options);
  }
  async function rawPeer() {
    const { port } = server.server.address() as AddressInfo;
    const socket = await rawSocket(port, upgradeRequest(`/ws?token=${token()}`));
    await once(socket, 'data');
    return socket;
  }
  afterEach(() => server.stop());

  it('gives a flow text as a string, binary as a Buffer, and the session', async () => {
    await start();
    const client = await server.connect({ sub: 'ann', tenant_id: 7 });
    const text = await server.messageFrom(client, 'grüße');
    should(text.payload).equal('grüße');
    const session = text._session as { id: string };
    should(session).eql({
      type: 'websocket',
      id: session.id,
      tenantId: '7',
      subject: 'ann',
      authStatus: 'verified',
      routingScope: 'tenant',
    });
    const binary = await server.messageFrom(client, Buffer.from([1, 2]));
    should(binary.payload).eql(Buffer.from([1, 2]));
    should((binary._session as { id: string }).id).equal(session.id);
    await client.close();
  });

  it('gives each receiver a message, a session and bytes of its own', async () => {
    await start();
    const seen: Record<string, unknown>[] = [];
    for (let i = 0; i < 3; i += 1) {
      server.listener.attach((message) => {
        seen.push(message);
        (message.payload as Buffer).fill(i);
        (message._session as { tenantId: string }).tenantId = `other-${i}`;
      });
    }
    const client = await server.connect();
    const first = await server.messageFrom(client, Buffer.from('abc'));
    should((first.payload as Buffer).toString()).equal('abc');
    should(seen.map((message) => (message.payload as Buffer)[0])).eql([0, 1, 2]);
    should((first._session as { tenantId: string }).tenantId).equal('acme');
    await client.close();
  });

  it('goes on when a receiver throws, and reports it', async () => {
    await start();
    server.listener.attach(() => {
      throw new Error('broken receiver');
    });
    const late: unknown[] = [];
    server.listener.attach((message) => late.push(message));
    const client = await server.connect();
    const reported = server.next('receive-failed');
    client.send('x');
    await reported;
    client.send('y');
    await server.next('receive-failed');
    should(late.length).equal(2);
    await client.close();
  });

  it('closes with 4401 when the token expires', async () => {
    await start();
    const client = await server.connect({ ...CLAIMS, exp: Date.now() / 1000 + 1 });
    should(await client.closed).eql({ code: 4401, reason: 'token expired' });
  });

  it('opens a connection whose token is tolerated, and closes it when the tolerance ends', async () => {
    await start({ properties: { clockTolerance: '3' } });
    const exp = seconds(-1);
    const client = await server.connect({ ...CLAIMS, exp });
    should(await client.closed).eql({ code: 4401, reason: 'token expired' });
    should(Date.now() / 1000).be.within(exp + 3, exp + 5);
  });

  it('lets a session outlive its token where that is allowed', async () => {
    await start({ properties: { authExpiry: 'allow', timeout: '1.5' } });
    const client = await server.connect({ ...CLAIMS, exp: Date.now() / 1000 + 1 });
    should(await client.closed).eql({ code: 4408, reason: 'session timeout' });
  });

  it('closes with 4408 after the longest life of a session', async () => {
    await start({ properties: { timeout: '0.05' } });
    const client = await server.connect({ ...CLAIMS, exp: seconds(2 ** 40) });
    should(await client.closed).eql({ code: 4408, reason: 'session timeout' });
  });

  it('closes with 4429 over the rate, and delivers nothing that was over it', async () => {
    await start({ properties: { enforceLimits: true, rateLimit: '3' } });
    const payloads: unknown[] = [];
    server.listener.attach((message) => payloads.push(message.payload));
    const client = await server.connect();
    for (const text of ['1', '2', '3', '4', '5', '6']) client.send(text);
    should(await client.closed).eql({ code: 4429, reason: 'rate limit exceeded' });
    should(payloads).eql(['1', '2', '3']);
  });

  it('closes with 1009 over the largest message', async () => {
    await start({ properties: { maxPayload: '1024' } });
    const client = await server.connect();
    should((await server.messageFrom(client, 'x'.repeat(1024))).payload).equal('x'.repeat(1024));
    const failed = server.next('error');
    client.send('x'.repeat(1025));
    should((await client.closed).code).equal(1009);
    should((await failed).state).eql({ kind: 'error' });
  });

  it('closes with 1007 on text that is not UTF-8, and goes on', async () => {
    await start();
    const client = await server.connect();
    client.socket.send(Buffer.from([0xff, 0xfe]), { binary: false });
    should((await client.closed).code).equal(1007);
    const next = await server.connect();
    should((await server.messageFrom(next, 'still here')).payload).equal('still here');
    await next.close();
  });

  it('cuts off a peer that does not answer pings', async () => {
    await start({ pingIntervalMs: 40 });
    const disconnected = server.next('disconnect');
    const socket = await rawPeer();
    await disconnected;
    socket.destroy();
  });

  /** How a masked message of 100 MiB begins (RFC 6455 §5.2). */
  const LARGE = Buffer.from([0x82, 0xff, 0, 0, 0, 0, 0x06, 0x40, 0, 0, 0, 0, 0, 0]);
  const text = clientFrame(1, Buffer.from('still here'));

  for (const [what, first, each] of [
    ['messages', text, text],
    ['one large message bit by bit', LARGE, Buffer.from('x')],
    ['pings of its own', clientFrame(9, Buffer.alloc(0)), clientFrame(9, Buffer.alloc(0))],
  ] as const) {
    it(`keeps a peer that answers no ping but sends ${what}, and cuts it off when it no longer does`, async () => {
      await start({ pingIntervalMs: 40, properties: { maxPayload: String(100 * 1024 * 1024) } });
      let isGone = false;
      const disconnected = server.next('disconnect').then(() => {
        isGone = true;
      });
      const socket = await rawPeer();
      const pings = new Queue<Buffer>();
      socket.on('data', (bytes: Buffer) => {
        if (bytes.includes(PING)) pings.push(bytes);
      });
      socket.write(first);
      for (let i = 0; i < 6; i += 1) {
        await pings.next();
        socket.write(each);
      }
      should(isGone).equal(false);
      await disconnected;
      socket.destroy();
    });
  }

  it('keeps a peer that answers pings', async () => {
    await start({ pingIntervalMs: 20 });
    const client = await server.connect();
    for (let i = 0; i < 5; i += 1) await once(client.socket, 'ping');
    should(client.socket.readyState).equal(client.socket.OPEN);
    await client.close();
  });

  it('closes with 1012 when the listener goes, and cuts off a peer that does not answer', async () => {
    await start();
    const client = await server.connect();
    const silent = await rawPeer();
    server.listener.close();
    should(await client.closed).eql({ code: 1012, reason: 'service restart' });
    await once(silent, 'close');
  });

  it('delivers nothing that arrives after it began to close', async () => {
    await start({ properties: { timeout: '0.05' } });
    const socket = await rawPeer();
    const payloads: unknown[] = [];
    server.listener.attach((message) => payloads.push(message.payload));
    await once(socket, 'data'); // the close frame
    const disconnected = server.next('disconnect');
    socket.write(clientFrame(1, Buffer.from('late')));
    socket.write(clientFrame(8, Buffer.from([0x03, 0xe8])));
    await disconnected;
    should(payloads).eql([]);
    socket.destroy();
  });

  it('closes with 1013 a peer that does not read, and keeps the others', async () => {
    const maxBufferedBytes = 1024 * 1024;
    await start({ properties: { routingScope: 'global' }, maxBufferedBytes });
    const slow = await rawPeer();
    slow.pause();
    const reader = await server.connect();
    const disconnected = server.next('disconnect');
    const payload = 'x'.repeat(512 * 1024);
    let sent = 0;
    let gone = false;
    disconnected.then(() => {
      gone = true;
    });
    while (!gone && sent < 200) {
      should(await server.send({ payload })).equal(undefined);
      sent += 1;
      should((await reader.nextText()).length).equal(payload.length);
    }
    await disconnected;
    should(reader.socket.readyState).equal(reader.socket.OPEN);
    await reader.close();
    slow.destroy();
  });

  it('is told of a peer that breaks the protocol, and nobody else is affected', async () => {
    await start();
    const other = await server.connect();
    const socket = await rawPeer();
    const failed = server.next('error');
    socket.write(Buffer.from([0x81, 0x01, 0x41])); // not masked
    await failed;
    should((await server.messageFrom(other)).payload).equal('hello');
    await other.close();
    socket.destroy();
  });
});

describe('src/listener/listener: who receives', () => {
  let server: ListenerServer;
  let second: ListenerServer;
  afterEach(async () => {
    await server.stop();
    await second?.stop();
  });

  async function start(properties: Record<string, unknown>): Promise<void> {
    server = await ListenerServer.start({ properties });
  }
  async function sessionOf(client: SocketClient, of: ListenerServer = server) {
    return (await of.messageFrom(client))._session as Record<string, unknown>;
  }
  const said = async (clients: SocketClient[]) => {
    await Promise.all(clients.map((client) => client.drained()));
    return clients.map((client) => client.unread);
  };

  it('session: that connection alone, and nobody once it is closed', async () => {
    await start({ routingScope: 'session' });
    const [a, b] = [await server.connect(), await server.connect()];
    const _session = await sessionOf(a);
    should(await server.send({ payload: 'to a', _session })).equal(undefined);
    should(await said([a, b])).eql([1, 0]);
    const disconnected = server.next('disconnect');
    await a.close();
    await disconnected;
    should(await server.send({ payload: 'to a', _session })).equal(undefined);
    should(await said([b])).eql([0]);
    should(await server.send({ payload: 'x' })).match({ code: 'send-no-session' });
    await b.close();
  });

  it('tenant: all of that tenant and nobody else, also after the session closed, also from another listener', async () => {
    await start({});
    second = await ListenerServer.start();
    const [a1, a2, b] = [
      await server.connect(),
      await server.connect(),
      await server.connect({ tenant_id: 'other' }),
    ];
    const elsewhere = await second.connect();
    const _session = await sessionOf(elsewhere, second);
    const disconnected = second.next('disconnect');
    await elsewhere.close();
    await disconnected;
    should(await server.send({ payload: 'x', _session })).equal(undefined);
    should(await server.send({ payload: 'x', _session: await sessionOf(a1) })).equal(undefined);
    should(await said([a1, a2, b])).eql([2, 2, 0]);
    for (const client of [a1, a2, b]) await client.close();
  });

  it('tenant: nobody of another tenant, however the session was changed', async () => {
    await start({});
    second = await ListenerServer.start();
    const [a, victim] = [await server.connect(), await server.connect({ tenant_id: 'victim' })];
    const elsewhere = await second.connect();
    const own = await sessionOf(a);
    const foreign = await sessionOf(elsewhere, second);
    const results = [];
    for (const _session of [
      { ...own, tenantId: 'victim' },
      { ...foreign, tenantId: 'victim' },
      { ...own, id: `${own.id}x`, tenantId: 'victim' },
      { type: 'websocket', tenantId: 'victim' },
      'victim',
      undefined,
    ]) {
      results.push((await server.send({ payload: 'x', _session, tenantId: 'victim' })) !== undefined);
    }
    should(results).eql([false, true, true, true, true, true]);
    should(await said([a, victim])).eql([1, 0]);
    for (const client of [a, victim, elsewhere]) await client.close();
  });

  it('tenant: the static one without a session', async () => {
    await start({ tenantFrom: 'static', tenantId: 'house' });
    const client = await server.connect({});
    should(await server.send({ payload: 'x' })).equal(undefined);
    should(await said([client])).eql([1]);
    await client.close();
  });

  it('tenant: all the anonymous ones in mode none', async () => {
    await start({ jwtValidation: 'none' });
    const clients = [await SocketClient.open(server.url()), await SocketClient.open(server.url())];
    should(await server.send({ payload: 'x' })).equal(undefined);
    should(await said(clients)).eql([1, 1]);
    for (const client of clients) await client.close();
  });

  it('global: everybody, whatever the session', async () => {
    await start({ routingScope: 'global' });
    const clients = [await server.connect(), await server.connect({ tenant_id: 'other' })];
    const [first] = clients as [SocketClient, SocketClient];
    for (const _session of [undefined, await sessionOf(first), { id: 'forged' }]) {
      should(await server.send({ payload: 'x', _session })).equal(undefined);
    }
    should(await said(clients)).eql([3, 3]);
    for (const client of clients) await client.close();
  });

  it('keeps tenants apart that have strange names', async () => {
    await start({});
    const names = ['__proto__', 'constructor', 'toString', 'a\u0000', 'a', 'null', '0', 'x'.repeat(4000)];
    const clients = await Promise.all(names.map((tenant_id) => server.connect({ tenant_id })));
    for (const [i, client] of clients.entries()) {
      should(await server.send({ payload: names[i], _session: await sessionOf(client) })).equal(undefined);
    }
    should(await said(clients)).eql(names.map(() => 1));
    for (const [i, client] of clients.entries()) should(await client.nextText()).equal(names[i]);
    for (const client of clients) await client.close();
  });

  it('sends the same frame to each, in order, text and binary', async () => {
    await start({ routingScope: 'global' });
    const clients = [await server.connect(), await server.connect()];
    for (let i = 0; i < 100; i += 1)
      await server.send({ payload: i % 2 ? String(i) : Buffer.from(String(i)) });
    for (const client of clients) {
      for (let i = 0; i < 100; i += 1) {
        const { data, isBinary } = await client.next();
        should([data.toString(), isBinary]).eql([String(i), i % 2 === 0]);
      }
      await client.close();
    }
  });

  it('reports what cannot be sent, once', async () => {
    await start({ routingScope: 'global' });
    should(await server.send({ payload: 1n })).match({ code: 'send-unserialisable' });
    should(await server.send({ payload: Buffer.alloc(17 * 1024 * 1024) })).match({ code: 'send-too-large' });
    should(await server.send({})).equal(undefined);
    let calls = 0;
    server.listener.send({ payload: 'x' }, () => {
      calls += 1;
    });
    should(calls).equal(1);
  });
});
