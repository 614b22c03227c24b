import should from 'should';
import { SocketClient } from '../../support/core/socket-client.js';
import { SECRET, seconds, token } from '../../support/core/tokens.js';
import { type Flow, Runtime } from '../../support/runtime/runtime.js';

type Message = Record<string, unknown>;

const CREDENTIALS = { l: { jwtSecret: SECRET } };
const TAB = { id: 'f', type: 'tab', label: 'Flow' };
const LISTENER = { id: 'l', type: 'websocket-plus-listener', path: '/ws' };
const AT = { z: 'f', x: 1, y: 1 };
const HELPER = { ...AT, id: 'h', type: 'helper', wires: [] };
const IN = { ...AT, id: 'in', type: 'websocket-plus in', server: 'l', wires: [['h']] };
const OUT = { ...AT, id: 'out', type: 'websocket-plus out', server: 'l', wires: [] };

function events(properties: Message = {}): Message {
  return { ...AT, id: 'e', type: 'websocket-plus event', server: 'l', wires: [['h']], ...properties };
}

describe('nodes: event', () => {
  let runtime: Runtime;
  let next: () => Promise<Message>;
  afterEach(() => runtime.stop());

  async function start(flow: Flow, settings: Message = {}): Promise<void> {
    runtime = await Runtime.start(flow, CREDENTIALS, settings);
    next = runtime.messages('h');
  }

  it('tells who comes and who goes, with what both said and are', async () => {
    await start([TAB, LISTENER, events({ server: 'l' }), HELPER]);
    const claims = { sub: 'ann', tenant_id: 'acme', exp: seconds(60), roles: ['a'] };
    const url = `${runtime.url('/ws')}?room=1&room=2&page=a%20b&token=${token(claims)}&__proto__=x`;
    const before = Date.now();
    const client = await SocketClient.open(
      url,
      {
        origin: 'https://app.example.com',
        headers: { 'User-Agent': 'a test', Cookie: 'session=private', 'X-Private': 'private' },
      },
      ['chat'],
    );
    const come = await next();
    should(come).match({ event: 'connect', topic: '/ws', _session: { subject: 'ann', tenantId: 'acme' } });
    should(come._msgid).match(/^[\da-f]{16}$/);
    should(come.payload).eql({
      address: '127.0.0.1',
      origin: 'https://app.example.com',
      userAgent: 'a test',
      protocol: 'chat',
      query: { room: ['1', '2'], page: 'a b' },
      claims,
      expiresAt: claims.exp * 1000,
      connections: 1,
      tenantConnections: 1,
    });
    client.send('hello');
    await client.drained();
    await client.close();
    const gone = await next();
    const { durationMs, ...payload } = gone.payload as Message;
    should(gone).match({ event: 'disconnect', topic: '/ws', _session: come._session });
    should(durationMs).be.within(0, Date.now() - before);
    should(payload).eql({
      code: 1005,
      reason: '',
      received: { messages: 1, bytes: 5 },
      sent: { messages: 0, bytes: 0 },
      connections: 0,
      tenantConnections: 0,
    });
    const told = JSON.stringify([come, gone]);
    for (const secret of ['private', ...token(claims).split('.')]) should(told).not.containEql(secret);
  });

  it('leaves out what a peer did not say, and what its token does not', async () => {
    await start([TAB, { ...LISTENER, jwtValidation: 'none' }, events(), HELPER]);
    const client = await SocketClient.open(runtime.url('/ws'));
    should((await next()).payload).eql({
      address: '127.0.0.1',
      query: {},
      claims: {},
      expiresAt: null,
      connections: 1,
      tenantConnections: 1,
    });
    await client.close();
  });

  it('tells what it is asked for and nothing else', async () => {
    await start([TAB, LISTENER, events({ events: ['refused'] }), HELPER]);
    await (await runtime.connect('/ws')).close();
    await runtime.refused('/ws');
    const { payload, event, _session } = await next();
    should({ payload, event, _session }).eql({
      event: 'refused',
      payload: { status: 401, error: 'token_missing', address: '127.0.0.1', missed: 0 },
      _session: undefined,
    });
  });

  it('tells 20 refusals a second, and how many it has passed over', async () => {
    await start([TAB, LISTENER, events({ events: ['refused'] }), HELPER]);
    const { now } = performance;
    let offsetMs = 0;
    performance.now = () => now.call(performance) / 1e6 + offsetMs; // so slow that no second passes by itself
    try {
      for (let i = 0; i < 30; i += 1) await runtime.refused('/ws');
      for (let i = 0; i < 20; i += 1) should(((await next()).payload as Message).missed).equal(0);
      offsetMs = 1000;
      await runtime.refused('/ws');
      should(((await next()).payload as Message).missed).equal(10);
    } finally {
      performance.now = now;
    }
  });

  it('tells of renewed tokens, and of those about to expire', async () => {
    const listener = { ...LISTENER, tokenSources: ['query', 'message'] };
    await start([TAB, listener, events({ events: ['renewed', 'expiring'] }), HELPER], {
      websocketPlusListener: { expiryWarning: 3_600_000 },
    });
    const claims = { sub: 'ann', tenant_id: 'acme', exp: seconds(1) };
    const client = await SocketClient.open(runtime.url('/ws', token(claims)));
    const expiring = await next();
    should(expiring).match({ event: 'expiring', _session: { subject: 'ann' } });
    should((expiring.payload as Message).expiresIn).be.within(0, 1);
    const renewed = { ...claims, exp: seconds(7200), role: 'x' };
    client.send(JSON.stringify({ type: 'authenticate', token: token(renewed) }));
    const { event, payload } = await next();
    should({ event, payload }).eql({
      event: 'renewed',
      payload: { claims: renewed, expiresAt: renewed.exp * 1000 },
    });
    await client.close();
  });

  it('welcomes with a change between it and ws.out+, and tells a tenant who has left', async () => {
    await start([TAB, LISTENER, events({ wires: [['out']] }), OUT, HELPER]);
    const ann = await runtime.connect('/ws', { sub: 'ann', tenant_id: 'acme' });
    should(await ann.nextJson()).match({ connections: 1 });
    const other = await runtime.connect('/ws', { sub: 'eve', tenant_id: 'other' });
    await other.nextJson();
    const bob = await runtime.connect('/ws', { sub: 'bob', tenant_id: 'acme' });
    should(await ann.nextJson()).match({ connections: 3, tenantConnections: 2 });
    await bob.close();
    should(await ann.nextJson()).match({ code: 1005, connections: 2, tenantConnections: 1 });
    await other.drained();
    should(other.unread).equal(0);
    await Promise.all([ann.close(), other.close()]);
  });

  it('tells a connection, its messages and its end in this order', async () => {
    await start([TAB, LISTENER, events(), IN, HELPER]);
    const client = await runtime.connect('/ws');
    for (let i = 0; i < 100; i += 1) client.send(String(i));
    await client.close();
    const seen: unknown[] = [];
    for (let i = 0; i < 102; i += 1) {
      const { event, payload } = await next();
      seen.push(event ?? payload);
    }
    should(seen).eql(['connect', ...Array.from({ length: 100 }, (_, index) => String(index)), 'disconnect']);
  });

  for (const type of ['full', 'nodes', 'flows'] as const) {
    it(`tells each coming and going once across a deploy (${type}) that restarts it or its listener`, async () => {
      const flow = (path: string, name: string): Flow => [
        TAB,
        { ...LISTENER, path },
        events({ name }),
        IN,
        HELPER,
      ];
      await start(flow('/ws', 'a'));
      const seen: string[] = [];
      const collect = async (count: number) => {
        for (let i = 0; i < count; i += 1) {
          const { event, _session } = await next();
          seen.push(`${event} ${(_session as Message).subject}`);
        }
      };
      const ann = await runtime.connect('/ws', { sub: 'ann', tenant_id: 'acme' });
      await collect(1);
      await runtime.deploy(flow('/ws', 'b'), type, CREDENTIALS); // a full one ends ann's connection
      next = runtime.messages('h');
      if (type !== 'full') {
        should(ann.socket.readyState).equal(ann.socket.OPEN);
        await ann.close();
      }
      await collect(1);
      should(seen).eql(['connect ann', 'disconnect ann']);
      const bob = await runtime.connect('/ws', { sub: 'bob', tenant_id: 'acme' });
      await collect(1);
      await runtime.deploy(flow('/other', 'b'), type, CREDENTIALS);
      next = runtime.messages('h');
      const gone = await next();
      should(gone).match({
        event: 'disconnect',
        topic: '/ws',
        payload: { code: 1012, reason: 'service restart' },
      });
      should(await bob.closed).eql({ code: 1012, reason: 'service restart' });
      const eve = await runtime.connect('/other', { sub: 'eve', tenant_id: 'acme' });
      should(await next()).match({ event: 'connect', topic: '/other', _session: { subject: 'eve' } });
      await eve.close();
      should(await next()).match({ event: 'disconnect' });
    });
  }

  it('keeps a new peer waiting while it is away, so that no message comes before its connection', async () => {
    const slow = { ...AT, id: 's', type: 'slow closer', wires: [] };
    const flow = (name: string): Flow => [TAB, LISTENER, events({ name }), { ...slow, name }, IN, HELPER];
    let isHeld = true;
    let closing = () => {};
    let goOn = () => {};
    runtime = await Runtime.start(flow('a'), CREDENTIALS, {}, [
      (RED) => {
        RED.nodes.registerType('slow closer', function (this, config) {
          RED.nodes.createNode(this, config);
          this.on('close', (done: () => void) => {
            if (!isHeld) {
              done();
              return;
            }
            isHeld = false;
            goOn = done;
            closing();
          });
        });
      },
    ]);
    next = runtime.messages('h');
    const isClosing = new Promise<void>((resolve) => {
      closing = resolve;
    });
    const deployed = runtime.deploy(flow('b'), 'nodes', CREDENTIALS);
    await isClosing; // ws.event+ is stopped by now, ws.in+ and the listener are not
    const client = await runtime.connect('/ws');
    client.send('hello');
    const pong = client.drained();
    goOn();
    await deployed;
    await pong;
    should((await next()).event).equal('connect');
    should((await next()).payload).equal('hello');
    await client.close();
    should((await next()).event).equal('disconnect');
  });

  it('tells of a refusal by a listener that is misconfigured', async () => {
    await start([TAB, { ...LISTENER, id: 'm' }, events({ server: 'm', events: ['refused'] }), HELPER]);
    should((await runtime.refused('/ws')).status).equal(503);
    should((await next()).payload).match({ status: 503, error: 'unavailable' });
  });

  for (const [what, properties, code] of [
    ['no event', { events: [] }, 'events'],
    ['an unknown event', { events: ['explode'] }, 'events'],
    ['no listener', { server: '' }, 'config-missing'],
  ] as const) {
    it(`says that it has ${what}`, async () => {
      await start([TAB, LISTENER, events(properties), HELPER]);
      should(runtime.log).containEql(`error errors.${code}`);
      should(runtime.lastStatus('e')).match({ fill: 'red', text: new RegExp(`status\\.${code}$`) });
    });
  }
});
