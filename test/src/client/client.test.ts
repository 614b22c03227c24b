import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import should from 'should';
import type { WebSocket } from 'ws';
import { Backoff } from '../../../src/client/backoff.js';
import { CLIENT_LIMITS } from '../../../src/client/line-settings.js';
import { createSessionIds } from '../../../src/sessions/session-id.js';
import { ClientProbe, type ProbeOptions } from '../../support/core/client-probe.js';
import { type Answer, acceptFor, OriginServer } from '../../support/core/origin-server.js';
import { backTo, resources } from '../../support/core/resources.js';

describe('src/client/client', () => {
  let origin: OriginServer;
  let probe: ClientProbe;
  let before: Record<string, number>;

  /** Starts a client of a server that answers like this. */
  function start(options: ProbeOptions = {}, answer: Answer = 'accept', path = '/'): void {
    origin.answer = answer;
    probe = new ClientProbe(origin.url(path), options);
  }

  beforeEach(async () => {
    before = await resources();
    origin = await OriginServer.start({ autoPong: false });
  });
  afterEach(async () => {
    await probe.client.close();
    await origin.stop();
    await backTo(before);
  });

  describe('a connection', () => {
    it('reports connect, then carries messages both ways', async () => {
      start();
      const { state, session } = await probe.next('connect');
      should(state).eql({ kind: 'connected' });
      should(probe.client.state).eql({ kind: 'connected' });
      const server = await origin.accepted.next();
      server.send('grüße');
      server.send(Buffer.from([1, 2]));
      should(await probe.messages.next()).eql({ payload: 'grüße', _session: session });
      should(await probe.messages.next()).eql({ payload: Buffer.from([1, 2]), _session: session });
      const heard = new Promise<unknown[]>((resolve) => server.once('message', (...args) => resolve(args)));
      should(await probe.send({ payload: { a: 1 }, _session: { id: 'x' } })).equal(undefined);
      should(await heard).eql([Buffer.from('{"a":1}'), false]);
    });

    it('carries entire messages without their session', async () => {
      start({ properties: { wholemsg: 'true' } });
      const server = await origin.accepted.next();
      await probe.next('connect');
      server.send('{"payload":1,"topic":"t","_session":{"id":"forged"}}');
      const message = await probe.messages.next();
      should(message).containEql({ payload: 1, topic: 't' });
      should((message._session as { id: string }).id).not.equal('forged');
      const heard = new Promise<string>((resolve) => server.once('message', (data) => resolve(String(data))));
      await probe.send(message);
      should(JSON.parse(await heard)).eql({ payload: 1, topic: 't' });
    });

    it('has an id of its own that no listener could have issued', async () => {
      start();
      const ids = new Set<string>();
      const issued = createSessionIds(randomBytes(32));
      for (let i = 0; i < 3; i += 1) {
        const { session } = await probe.next('connect');
        const id = session?.id ?? '';
        should(session).eql({ type: 'websocket', id, authStatus: 'none' });
        should(id.length).be.aboveOrEqual(32);
        for (const tenant of [null, '', 'acme']) should(issued.proves(id, tenant)).equal(false);
        ids.add(id);
        (await origin.accepted.next()).terminate();
      }
      should(ids.size).equal(3);
    });

    it('comes back when the server closes it', async () => {
      start({ limits: { stableMs: 30 } });
      const server = await origin.accepted.next();
      const { session } = await probe.next('connect');
      server.close();
      const event = await probe.next('disconnect');
      should(event).containEql({ kind: 'disconnect', state: { kind: 'disconnected' }, session, code: 1005 });
      await probe.next('connect');
      await probe.logged('up');
      should(probe.log).eql(['down 1005', 'up']);
    });

    it('reports an error when the server breaks the protocol, and comes back', async () => {
      start({ limits: { maxPayload: 1024 } });
      const server = await origin.accepted.next();
      server.send('x'.repeat(1025));
      should((await probe.next('error')).state).eql({ kind: 'error' });
      should((await probe.next('disconnect')).state).eql({
        kind: 'failed',
        reason: 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH',
      });
      await probe.next('connect');
    });

    it('goes on when a receiver throws, and reports it', async () => {
      start();
      const detach = probe.client.attach(() => {
        throw new Error('broken receiver');
      });
      const server = await origin.accepted.next();
      server.send('a');
      should((await probe.messages.next()).payload).equal('a');
      detach();
      server.send('b');
      should((await probe.messages.next()).payload).equal('b');
      should(probe.log).eql(['receiver failed']);
    });

    it('offers no compression', async () => {
      start();
      should((await origin.asked.next()).headers['sec-websocket-extensions']).equal(undefined);
    });
  });

  describe('the request', () => {
    /** Opens a WebSocket, or what looks like one. */
    function open(socket: Socket, accept: string, chosen: string | undefined): void {
      const protocol = chosen === undefined ? '' : `Sec-WebSocket-Protocol: ${chosen}\r\n`;
      socket.once('end', () => socket.end()).resume();
      socket.write(
        `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: ${accept}\r\n${protocol}\r\n`,
      );
    }

    it("carries the token behind the URL's own query", async () => {
      const jwt = 'a+b/c=&d?é %20';
      start({ jwt }, 'accept', '/path?room=%20a+b&x');
      const { url } = await origin.asked.next();
      should(url).equal(`/path?room=%20a+b&x&token=${encodeURIComponent(jwt)}`);
    });

    it('carries headers, and subprotocols of which the server chooses one', async () => {
      const headers = [
        { keyType: 'other', keyValue: 'X-Fixed', valueType: 'other', valueValue: 'a value' },
        { keyType: 'Origin', keyValue: '', valueType: 'https://app.example', valueValue: '' },
      ];
      start({ properties: { headers, subprotocol: 'v2.chat, v1.chat' } });
      const request = await origin.asked.next();
      should(request.headers).containEql({
        'x-fixed': 'a value',
        origin: 'https://app.example',
        'sec-websocket-protocol': 'v2.chat,v1.chat',
      });
      should((await origin.accepted.next()).protocol).equal('v2.chat');
      await probe.next('connect');
    });

    it('carries two headers of one name as one list', async () => {
      const other = (keyValue: string, valueValue: string) => ({
        keyType: 'other',
        keyValue,
        valueType: 'other',
        valueValue,
      });
      const headers = [
        other('Cookie', 'a=1'),
        other('X-List', 'one'),
        other('cookie', 'b=2'),
        other('x-list', 'two'),
      ];
      start({ properties: { headers } });
      const { rawHeaders } = await origin.asked.next();
      const sent = rawHeaders.filter((_, i) => /^(cookie|x-list)$/i.test(rawHeaders[i - (i % 2)] ?? ''));
      should(sent).eql(['Cookie', 'a=1; b=2', 'X-List', 'one, two']);
    });

    for (const [offered, chosen] of [
      ['v2.chat', undefined],
      ['v2.chat', 'v1.chat'],
      ['v2.chat, v1.chat', 'v2.chat, v1.chat'],
      ['v2.chat', 'V2.chat'],
      ['v2.chat', ''],
      ['', 'v2.chat'],
    ] as const) {
      it(`fails with subprotocol where "${offered}" is offered and the server chooses ${chosen}`, async () => {
        start({ properties: { subprotocol: offered } }, (socket, key) =>
          open(socket, acceptFor(key), chosen),
        );
        should(await probe.failure()).equal('subprotocol');
        should(probe.log).eql(['down subprotocol']);
      });
    }

    it('takes a subprotocol that is not the first', async () => {
      start({ properties: { subprotocol: 'v2.chat, v1.chat' } }, (socket, key) =>
        open(socket, acceptFor(key), 'v1.chat'),
      );
      await probe.next('connect');
    });

    for (const chosen of ['v2.chat', undefined]) {
      it(`fails with handshake where the server's proof is wrong, whether it chooses ${chosen}`, async () => {
        start({ properties: { subprotocol: 'v2.chat' } }, (socket) => open(socket, acceptFor('x'), chosen));
        should(await probe.failure()).equal('handshake');
      });
    }

    it('is not sent on to where a server redirects', async () => {
      const elsewhere = await OriginServer.start();
      start({ jwt: 'a.b.c' }, (socket) => {
        socket.end(`HTTP/1.1 302 Found\r\nLocation: ${elsewhere.url()}\r\nContent-Length: 0\r\n\r\n`);
      });
      should(await probe.failure()).equal('302');
      should(await probe.failure()).equal('302');
      should(elsewhere.requests).eql([]);
      await elsewhere.stop();
    });
  });

  describe('an outage', () => {
    it('shows why, goes on trying, and ends', async () => {
      start({ jwt: 'a.b.c', limits: { stableMs: 30 } }, 401);
      const event = await probe.next('error');
      should(event).eql({ kind: 'error', state: { kind: 'failed', reason: '401' } });
      should(probe.client.state).eql(event.state);
      should(await probe.failure()).equal('401');
      origin.answer = 503;
      while ((await probe.failure()) !== '503');
      origin.answer = 'accept';
      await probe.next('connect');
      await probe.logged('up');
      should(probe.log).eql(['down 401', 'up']);
    });

    for (const [code, reason] of [
      [1001, ''],
      [1008, 'invalid api key'],
      [1011, ''],
      [1012, 'service restart'],
      [4401, 'a.b.c'],
    ] as const) {
      it(`shows the code where a server accepts, then closes with ${code}, and never its words`, async () => {
        start({ jwt: 'a.b.c' });
        const { session } = await probe.next('connect');
        (await origin.accepted.next()).close(code, reason);
        const event = await probe.next('disconnect');
        should(event).containEql({ state: { kind: 'failed', reason: String(code) }, session, code });
        should(probe.log).eql([`down ${code}`]);
      });
    }

    for (const [code, end] of [
      [1000, (server: WebSocket) => server.close(1000, 'bye')],
      [1005, (server: WebSocket) => server.close()],
      [1006, (server: WebSocket) => server.terminate()],
    ] as const) {
      it(`shows disconnected where the close code says nothing: ${code}`, async () => {
        start();
        end(await origin.accepted.next());
        should((await probe.next('disconnect')).state).eql({ kind: 'disconnected' });
        should(probe.log).eql([`down ${code}`]);
      });
    }

    it('is one while a server accepts and closes, again and again, and ends with a connection that lasts', async () => {
      start({ limits: { stableMs: 300 } });
      for (let i = 0; i < 5; i += 1) {
        (await origin.accepted.next()).close(1008);
        should(await probe.failure()).equal('1008');
      }
      should(probe.log).eql(['down 1008']);
      await probe.next('connect');
      should(probe.log).eql(['down 1008']);
      await probe.logged('up');
      should(probe.log).eql(['down 1008', 'up']);
      const server = await origin.accepted.next();
      server.close(1008);
      await probe.logged('down 1008');
      should(probe.log).eql(['down 1008', 'up', 'down 1008']);
    });

    it('that is over is not told once the client is closed', async () => {
      start({ limits: { stableMs: 3_600_000 } }, 401);
      await probe.failure();
      origin.answer = 'accept';
      await probe.next('connect');
      await probe.client.close(); // and leaves no timer, as afterEach sees
      should(probe.log).eql(['down 401']);
    });

    it('shows the code of an error', async () => {
      const gone = await OriginServer.start();
      const url = gone.url();
      await gone.stop();
      probe = new ClientProbe(url);
      should(await probe.failure()).equal('ECONNREFUSED');
    });

    it('shows timeout where the handshake is never answered', async () => {
      start({ limits: { handshakeTimeoutMs: 30 } }, 'silence');
      should(await probe.failure()).equal('timeout');
      origin.answer = 'accept';
      await probe.next('connect');
    });

    it('shows timeout where the answer never ends', async () => {
      start({ limits: { handshakeTimeoutMs: 60 } }, (socket) => {
        socket.write('HTTP/1.1 101 ');
        const drip = setInterval(() => socket.write('x'), 5);
        socket.once('close', () => clearInterval(drip));
      });
      should(await probe.failure()).equal('timeout');
      await probe.client.close();
    });

    it('shows an answer that is not HTTP, and one that is not WebSocket', async () => {
      start({}, (socket) => socket.end('SSH-2.0-OpenSSH\r\n'));
      should(await probe.failure()).match(/^HPE_/);
      origin.answer = (socket) =>
        socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
      while ((await probe.failure()) !== 'handshake');
      origin.answer = (socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n');
      while ((await probe.failure()) !== '200');
    });

    it('ends an answer whose body never does', async () => {
      start({}, (socket) => socket.write('HTTP/1.1 403 Forbidden\r\nContent-Length: 10\r\n\r\nx'));
      should(await probe.failure()).equal('403');
      origin.answer = 'silence';
      await origin.asked.next();
    });

    it('shows timeout where the server no longer answers pings, and comes back', async () => {
      start({ properties: { hb: '0.02' } });
      await probe.next('connect');
      should((await probe.next('error')).state).eql({ kind: 'error' });
      const { state, session } = await probe.next('disconnect');
      should(state).eql({ kind: 'failed', reason: 'timeout' });
      should(session).be.ok();
      const server = await origin.accepted.next();
      should(server.readyState).not.equal(server.OPEN);
      await probe.next('connect');
    });

    it('stays connected while the server answers pings', async () => {
      start({ properties: { hb: '0.01' } });
      const server = await origin.accepted.next();
      await new Promise<void>((resolve) => {
        let pings = 0;
        server.on('ping', (data) => {
          pings += 1;
          server.pong(data);
          if (pings === 5) resolve();
        });
      });
      should(origin.requests.length).equal(1);
    });
  });

  describe('back-off', () => {
    class RecordedBackoff extends Backoff {
      readonly calls: string[] = [];

      override next(): number {
        this.calls.push('next');
        return 0;
      }

      override reset(): void {
        this.calls.push('reset');
      }
    }

    it('goes on from failure to failure', async () => {
      const backoff = new RecordedBackoff({ firstMs: 1, maxMs: 1 });
      start({ backoff }, 401);
      for (let i = 0; i < 4; i += 1) await probe.failure();
      should(backoff.calls).eql(['next', 'next', 'next', 'next']);
    });

    it('goes on where the server accepts, but connections do not last', async () => {
      const backoff = new RecordedBackoff({ firstMs: 1, maxMs: 1 });
      start({ backoff });
      for (let i = 0; i < 3; i += 1) {
        (await origin.accepted.next()).terminate();
        await probe.next('disconnect');
      }
      should(backoff.calls).eql(['next', 'next', 'next']);
    });

    it('starts anew after a connection that lasted', async () => {
      const backoff = new RecordedBackoff({ firstMs: 1, maxMs: 1 });
      start({ backoff, limits: { stableMs: 0 } }, 401);
      await probe.failure();
      origin.answer = 'accept';
      (await origin.accepted.next()).terminate();
      await probe.next('disconnect');
      should(backoff.calls.slice(-2)).eql(['reset', 'next']);
      should(backoff.calls.filter((call) => call === 'reset').length).equal(1);
    });
  });

  describe('Retry-After', () => {
    function refuse(status: number, retryAfter: string): (socket: Socket) => void {
      return (socket) => socket.end(`HTTP/1.1 ${status} No\r\nRetry-After: ${retryAfter}\r\n\r\n`);
    }

    /** Milliseconds between the first attempt and the second. */
    async function waited(): Promise<number> {
      await origin.asked.next();
      const startedMs = performance.now();
      await origin.asked.next();
      return performance.now() - startedMs;
    }

    it('in seconds is waited for', async () => {
      start({}, refuse(429, '1'));
      should(await waited()).be.within(950, 3000);
    });

    it('as a date is waited for', async () => {
      const date = new Date(Math.ceil(Date.now() / 1000 + 1) * 1000);
      start({}, refuse(503, date.toUTCString()));
      await waited();
      should(Date.now()).be.aboveOrEqual(date.getTime() - 5); // timers count by another clock
    });

    for (const [status, value] of [
      [503, 'soon'],
      [429, '-1'],
      [401, '3600'],
      [500, '3600'],
    ] as const) {
      it(`is ignored where it is ${value} with ${status}`, async () => {
        start({}, refuse(status, value));
        should(await waited()).be.below(950);
      });
    }

    it('is forgotten after the next attempt', async () => {
      start({}, refuse(503, '1'));
      await origin.asked.next();
      origin.answer = 401;
      await origin.asked.next();
      should(await waited()).be.below(950);
    });

    it('is no longer waited for once the client is closed', async () => {
      start({}, refuse(503, '86400'));
      await probe.failure();
      await probe.client.close(); // and leaves no timer, as afterEach sees
      should(origin.requests.length).equal(1);
    });
  });

  describe('sending', () => {
    it('is an error while not connected', async () => {
      start({}, 401);
      should(await probe.send({ payload: 'x' })).equal('send-not-connected');
      await probe.failure();
      should(await probe.send({ payload: 'x' })).equal('send-not-connected');
      origin.answer = 'accept';
      await probe.next('connect');
      should(await probe.send({ payload: 'x' })).equal(undefined);
      await probe.client.close();
      should(await probe.send({ payload: 'x' })).equal('send-not-connected');
    });

    it('of nothing is no error, and of what has no JSON is one, connected or not', async () => {
      start({}, 401);
      should(await probe.send({})).equal(undefined);
      should(await probe.send({ payload: '' })).equal(undefined);
      should(await probe.send({ payload: 1n })).equal('send-unserialisable');
    });

    it('of more than may ever wait is an error', async () => {
      start({ limits: { maxBufferedBytes: 1024 } });
      await probe.next('connect');
      should(await probe.send({ payload: 'x'.repeat(1025) })).equal('send-too-large');
      should(await probe.send({ payload: 'x'.repeat(1024) })).equal(undefined);
    });

    it('is an error while a server that does not read has too much to read', async () => {
      const maxBufferedBytes = 1024 * 1024;
      start({ limits: { maxBufferedBytes, closeTimeoutMs: 50 } }, 'stuck');
      await probe.next('connect');
      const payload = Buffer.alloc(256 * 1024);
      let code: unknown;
      for (let i = 0; i < 1000 && code === undefined; i += 1) code = await probe.send({ payload });
      should(code).equal('send-buffer-full');
      should(probe.client.state).eql({ kind: 'connected' });
    });
  });

  describe('closing', () => {
    it('says goodbye, and leaves nothing', async () => {
      start();
      const server = await origin.accepted.next();
      await probe.next('connect');
      const goodbye = new Promise<number>((resolve) => server.once('close', resolve));
      await probe.client.close();
      should(await goodbye).equal(1001);
      await origin.idle();
      should(probe.events.items.map(({ kind }) => kind)).eql(['disconnect']);
      should(probe.log).eql([]);
    });

    it('is prompt when the server never answers the close', async () => {
      start({}, 'deaf');
      await probe.next('connect');
      const startedMs = performance.now();
      await probe.client.close();
      should(performance.now() - startedMs).be.below(2000);
      await origin.idle();
    });

    it('is prompt when the handshake is never answered', async () => {
      start({}, 'silence');
      await origin.asked.next();
      const startedMs = performance.now();
      await probe.client.close();
      should(performance.now() - startedMs).be.below(500);
      await origin.idle();
    });

    it('ends the wait for the next attempt', async () => {
      start({ backoff: new Backoff({ firstMs: 3_600_000, maxMs: 3_600_000, random: () => 0.9 }) }, 401);
      await probe.failure();
      await probe.client.close();
      should(origin.requests.length).equal(1);
    });

    it('works at any moment, and twice', async () => {
      start();
      await Promise.all([probe.client.close(), probe.client.close()]);
      await probe.client.close();
      should(origin.requests).eql([]);
      start();
      await origin.asked.next();
      await probe.client.close();
      await origin.idle();
    });

    it('delivers nothing that arrives afterwards', async () => {
      start();
      const server = await origin.accepted.next();
      await probe.next('connect');
      const closed = probe.client.close();
      server.send('late');
      await closed;
      should(probe.messages.length).equal(0);
    });
  });

  it('has the limits that are documented', () => {
    start();
    should(CLIENT_LIMITS).eql({
      closeTimeoutMs: 1000,
      loginTimeoutMs: 10_000,
      maxBufferedBytes: 16 * 1024 * 1024,
      stableMs: 10_000,
      firstBackoffMs: 1000,
    });
  });
});
