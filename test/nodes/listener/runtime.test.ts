import { once } from 'node:events';
import should from 'should';
import { JwksServer } from '../../support/core/jwks-server.js';
import { SocketClient } from '../../support/core/socket-client.js';
import { CLAIMS, OTHER_SECRET, SECRET, seconds, signer, token } from '../../support/core/tokens.js';
import { type Credentials, type Flow, Runtime } from '../../support/runtime/runtime.js';

const CREDENTIALS: Credentials = { l: { jwtSecret: SECRET }, l2: { jwtSecret: SECRET } };
const TAB = { id: 'f', type: 'tab', label: 'Flow' };
const CATALOG = '@inteli.city/node-red-contrib-websocket-plus/websocket-plus';

function listener(properties: Record<string, unknown> = {}): Record<string, unknown> {
  return { id: 'l', type: 'websocket-plus-listener', path: '/ws', ...properties };
}
function input(properties: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    id: 'in',
    z: 'f',
    x: 1,
    y: 1,
    type: 'websocket-plus in',
    server: 'l',
    wires: [['h']],
    ...properties,
  };
}
function output(properties: Record<string, unknown> = {}): Record<string, unknown> {
  return { id: 'out', z: 'f', x: 1, y: 1, type: 'websocket-plus out', server: 'l', wires: [], ...properties };
}
const HELPER = { id: 'h', z: 'f', x: 1, y: 1, type: 'helper', wires: [] };
const BUILT_IN: Flow = [
  { id: 'b', type: 'websocket-listener', path: '/ws', wholemsg: 'false' },
  { id: 'bin', z: 'f', x: 1, y: 1, type: 'websocket in', server: 'b', wires: [['bh']] },
  { id: 'bout', z: 'f', x: 1, y: 1, type: 'websocket out', server: 'b', wires: [] },
  { id: 'bh', z: 'f', x: 1, y: 1, type: 'helper', wires: [] },
];
const ECHO: Flow = [TAB, listener(), input({ wires: [['h', 'out']] }), HELPER, output()];

describe('nodes: listener, in and out', () => {
  let runtime: Runtime;
  afterEach(() => runtime.stop());

  async function start(flow: Flow, settings: Record<string, unknown> = {}, credentials = CREDENTIALS) {
    runtime = await Runtime.start(flow, credentials, settings);
  }

  it('echoes through a flow, with a trusted session', async () => {
    await start(ECHO);
    const next = runtime.messages('h');
    const client = await runtime.connect('/ws');
    client.send('hello');
    const message = await next();
    should(message.payload).equal('hello');
    should(message._session).match({ type: 'websocket', tenantId: 'acme', subject: 'ann' });
    should(await client.nextText()).equal('hello');
    await client.close();
  });

  it('refuses before any WebSocket byte, with one line in the log that has nothing of the token', async () => {
    await start(ECHO);
    const jwt = token({ ...CLAIMS, private: 'claim-value' }, { secret: OTHER_SECRET });
    const { status, body } = await runtime.refused('/ws', jwt);
    should([status, body]).eql([401, '{"error":"token_invalid"}']);
    should(runtime.log).eql(['warn warn.refused']);
    for (const secret of [jwt, ...jwt.split('.'), SECRET, 'claim-value'])
      should(runtime.wholeLog).not.containEql(secret);
  });

  it('writes at most ten lines for a flood of refusals', async () => {
    await start(ECHO);
    for (let i = 0; i < 30; i += 1) await runtime.refused('/ws');
    should(runtime.log.length).equal(10);
  });

  it('shows who comes and goes on each attached node', async () => {
    await start(ECHO);
    const statuses = ['in', 'out'].map((id) => runtime.status(id));
    const client = await runtime.connect('/ws');
    for (const status of await Promise.all(statuses)) {
      should(status).match({
        fill: 'green',
        shape: 'dot',
        text: 'status.connected',
        event: 'connect',
        _session: { type: 'websocket', tenantId: 'acme' },
      });
    }
    const gone = runtime.status('out');
    await client.close();
    should(await gone).match({
      fill: 'grey',
      shape: 'ring',
      text: 'node-red:common.status.disconnected',
      event: 'disconnect',
      code: 1005,
      _session: { tenantId: 'acme' },
    });
  });

  it('shows a red ring until the first keys have come', async () => {
    const endpoint = await JwksServer.start();
    endpoint.answer = JwksServer.status(500);
    await start([TAB, listener({ jwtValidation: 'jwks', jwksUri: endpoint.uri }), input(), HELPER]);
    const text = `${CATALOG}:status.keys-unavailable`;
    should(await runtime.shown('in', text)).match({ fill: 'red', shape: 'ring', text });
    endpoint.answer = JwksServer.keys([(await signer('RS256', 'a')).jwk]);
    should(await runtime.shown('in', '')).not.have.property('fill'); // a second later
    await endpoint.stop();
  });

  it('gives a status node every event, a broken connection too', async () => {
    const statusNode = { id: 's', z: 'f', x: 1, y: 1, type: 'status', scope: ['in'], wires: [['h']] };
    await start([...ECHO.filter(({ id }) => id !== 'in'), input({ wires: [] }), statusNode]);
    const next = runtime.messages('h');
    const client = await runtime.connect('/ws');
    client.socket.send(Buffer.from([0xff]), { binary: false });
    await client.closed;
    const events = [];
    let latest: Record<string, unknown> = {};
    for (const text of [
      'status.connected',
      'node-red:common.status.error',
      'node-red:common.status.disconnected',
    ]) {
      const { status } = (await next()) as { status: Record<string, unknown> };
      should(status).match({ text, _session: { type: 'websocket', tenantId: 'acme' } });
      events.push(status.event);
      latest = status;
    }
    should(events).eql(['connect', 'error', 'disconnect']);
    should(latest).match({ fill: 'grey', code: 1007, reason: 'invalid UTF-8' });
    should(runtime.log).eql(['warn warn.closed']);
  });

  it('shows no more than a few statuses a second where no status node listens', async () => {
    await start(ECHO);
    const clients = await Promise.all(Array.from({ length: 20 }, () => runtime.connect('/ws')));
    should(runtime.statuses.filter(({ id }) => id === 'in').length).be.below(20);
    const gone = runtime.status('in');
    for (const client of clients) await client.close();
    await gone;
  });

  it('shows the present count on a node that is deployed later', async () => {
    await start(ECHO);
    const client = await runtime.connect('/ws');
    const shown = runtime.status('in2');
    await runtime.deploy([...ECHO, input({ id: 'in2' })], 'nodes');
    should(await shown).match({ fill: 'green', text: 'status.connected' });
    client.send('still open');
    should(await client.nextText()).equal('still open');
    await client.close();
  });

  it('gives each of several nodes a message of its own', async () => {
    await start([
      TAB,
      listener({ wholemsg: 'true' }),
      input(),
      input({ id: 'in2', wires: [['h2']] }),
      HELPER,
      { ...HELPER, id: 'h2' },
    ]);
    const [first, second] = [runtime.messages('h'), runtime.messages('h2')];
    const client = await runtime.connect('/ws');
    client.send('{"payload":{"a":1}}');
    const [a, b] = [await first(), await second()];
    should(a.payload).eql({ a: 1 });
    should(a.payload).not.equal(b.payload);
    should(a._session).eql(b._session);
    should(a._session).not.equal(b._session);
    await client.close();
  });

  it('takes a JSON array from a peer for a payload, never for several messages', async () => {
    await start([TAB, listener({ wholemsg: 'true' }), input(), HELPER]);
    const next = runtime.messages('h');
    const client = await runtime.connect('/ws');
    client.send('[{"payload":"x","_session":{"tenantId":"victim"}}]');
    const message = await next();
    should(message.payload).be.an.Array();
    should(message._session).match({ tenantId: 'acme' });
    client.send('{"payload":"y","_session":{"tenantId":"victim"},"_linkSource":[1]}');
    const other = await next();
    should(other._session).match({ tenantId: 'acme' });
    should(other._linkSource).equal(undefined);
    await client.close();
  });

  it('survives JSON that is nested deeper than a flow can clone', async () => {
    const depth = 100_000;
    await start([
      TAB,
      listener({ wholemsg: 'true' }),
      input({ wires: [['h', 'h2']] }),
      HELPER,
      { ...HELPER, id: 'h2' },
    ]);
    const next = runtime.messages('h2');
    const client = await runtime.connect('/ws');
    client.send(`{"payload":${'['.repeat(depth)}${']'.repeat(depth)}}`);
    client.send('{"payload":"after"}');
    let message = await next();
    if (message.payload !== 'after') message = await next();
    should(message.payload).equal('after');
    should(runtime.log).eql(['error errors.receive-failed']);
    await client.close();
  });

  it('writes at most ten lines for a flood of messages that a flow cannot clone', async () => {
    await start([
      TAB,
      listener({ wholemsg: 'true' }),
      input({ wires: [['h', 'h2']] }),
      HELPER,
      { ...HELPER, id: 'h2' },
    ]);
    const next = runtime.messages('h2');
    const client = await runtime.connect('/ws');
    const deep = `{"payload":${'['.repeat(20_000)}${']'.repeat(20_000)}}`;
    for (let i = 0; i < 20; i += 1) client.send(deep);
    client.send('{"payload":"after"}');
    while ((await next()).payload !== 'after') {}
    should(runtime.log).eql(Array(10).fill('error errors.receive-failed'));
    await client.close();
  });

  describe('errors and completion', () => {
    const flow: Flow = [
      ...ECHO.filter(({ id }) => id !== 'in'),
      { id: 'c', z: 'f', x: 1, y: 1, type: 'catch', scope: ['out'], wires: [['caught']] },
      { id: 'k', z: 'f', x: 1, y: 1, type: 'complete', scope: ['out'], wires: [['completed']] },
      { id: 'caught', z: 'f', x: 1, y: 1, type: 'helper', wires: [] },
      { id: 'completed', z: 'f', x: 1, y: 1, type: 'helper', wires: [] },
    ];

    it('go to Catch with a code, once per message, and the message as it was', async () => {
      await start(flow);
      const caught = runtime.messages('caught');
      for (const [code, message] of [
        ['send-no-session', { payload: 'x' }],
        ['send-no-session', { payload: 'x', _session: { id: 'forged', tenantId: 'acme' } }],
        ['send-unserialisable', { payload: 1n }],
      ] as const) {
        runtime.inject('out', { ...message });
        const { error, payload } = await caught();
        should(error).match({ code, message: `Error: errors.${code}`, source: { id: 'out' } });
        should(payload).equal(message.payload);
      }
    });

    it('go to Complete when the frames are handed over, also where there is nothing to send', async () => {
      await start(flow);
      const completed = runtime.messages('completed');
      runtime.inject('out', { topic: 'no payload' });
      should((await completed()).topic).equal('no payload');
    });

    it('say that no listener is chosen', async () => {
      await start([TAB, input({ server: 'nowhere' }), output({ server: '' }), HELPER]);
      should(runtime.log).eql(['error errors.config-missing', 'error errors.config-missing']);
    });
  });

  describe('a configuration error', () => {
    for (const [code, properties, credentials] of [
      ['secret-missing', {}, {}],
      ['secret-short', {}, { l: { jwtSecret: 'short' } }],
      ['jwks-uri', { jwtValidation: 'jwks', jwksUri: 'nowhere' }, {}],
      ['claim-missing', { tenantClaim: '' }, CREDENTIALS],
      ['tenant-id-missing', { tenantFrom: 'static', tenantId: '' }, CREDENTIALS],
      ['session-timeout', { timeout: 'soon' }, CREDENTIALS],
      ['enforce-limits', { enforceLimits: '$(NOT_SET)', rateLimit: '5' }, CREDENTIALS],
      ['max-payload', { maxPayload: '$(NOT_SET)' }, CREDENTIALS],
    ] as [string, Record<string, unknown>, Credentials][]) {
      it(`${code}: said once, shown on every node, and answered with 503`, async () => {
        await start([TAB, listener(properties), input(), output(), HELPER], {}, credentials);
        should(runtime.log).eql([`error errors.${code}`]);
        for (const id of ['in', 'out']) {
          should(runtime.lastStatus(id)).match({
            fill: 'red',
            shape: 'ring',
            text: `${CATALOG}:status.${code}`,
          });
        }
        for (const jwt of [undefined, token()]) should((await runtime.refused('/ws', jwt)).status).equal(503);
        should(runtime.log).eql([`error errors.${code}`, 'warn warn.refused', 'warn warn.refused']);
      });
    }

    it('sends nothing: an error for Catch', async () => {
      const caught = { id: 'c', z: 'f', x: 1, y: 1, type: 'catch', scope: null, wires: [['h']] };
      await start([TAB, listener({ routingScope: 'global' }), output(), caught, HELPER], {}, {});
      const next = runtime.messages('h');
      runtime.inject('out', { payload: 'x' });
      should((await next()).error).match({ code: 'secret-missing' });
    });

    it('is over when the flow is mended', async () => {
      await start([TAB, listener(), input(), HELPER], {}, {});
      await runtime.deploy([TAB, listener({ timeout: '60' }), input(), HELPER], 'nodes', CREDENTIALS);
      await (await runtime.connect('/ws')).close();
    });

    it('in the path serves nothing, and says so', async () => {
      for (const [code, path] of [
        ['path-missing', ''],
        ['path-reserved', '/debug/ws/x'],
        ['path-syntax', '/ws?x'],
      ]) {
        await start([TAB, listener({ path }), input(), HELPER]);
        should(runtime.log).eql([`error errors.${code}`]);
        should(runtime.server.listenerCount('upgrade')).equal(2); // the runtime's and the editor's own
        if (path !== '/ws?x') await runtime.stop();
      }
    });
  });

  describe('a path with parameters', () => {
    const ocpp: Flow = [
      TAB,
      listener({ path: '/ocpp/:station' }),
      input({ wires: [['h', 'h2']] }),
      HELPER,
      { ...HELPER, id: 'h2' },
    ];

    it('gives each message and each event what stood in its place', async () => {
      await start(ocpp);
      const [next, other, shown] = [runtime.messages('h'), runtime.messages('h2'), runtime.status('in')];
      const client = await runtime.connect('/ocpp/CP%201/');
      should(((await shown)._session as { params?: unknown }).params).eql({ station: 'CP 1' });
      client.send('x');
      const [a, b] = [(await next())._session, (await other())._session] as { params?: unknown }[];
      should(a?.params).eql({ station: 'CP 1' });
      should(b).eql(a);
      should(b?.params).not.equal(a?.params);
      await client.close();
    });

    it('is absent from the sessions of a literal path', async () => {
      await start(ECHO);
      const next = runtime.messages('h');
      const client = await runtime.connect('/ws/');
      client.send('x');
      should((await next())._session).not.have.property('params');
      await client.close();
    });

    it('is taken where another differs in names only, and leaves a built-in listener and the editor alone', async () => {
      await start([...ocpp, listener({ id: 'l2', path: 'ocpp/:id' })]);
      should(runtime.log).eql(['error errors.path-taken']);
      await runtime.stop();
      await start([TAB, listener({ path: '/:any' }), input(), HELPER, ...BUILT_IN]);
      const client = await SocketClient.open(runtime.url('/ws'));
      const next = runtime.messages('bh');
      client.send('built-in');
      should(String((await next()).payload)).equal('built-in');
      await client.close();
      await (await runtime.connect('/other')).close();
      should(runtime.log).eql([]);
    });
  });

  describe('a path that is taken', () => {
    const rival = [listener({ id: 'l2' }), input({ id: 'in2', server: 'l2', wires: [['h2']] })];
    const two: Flow = [TAB, listener(), input(), HELPER, ...rival, { ...HELPER, id: 'h2' }];

    it('is served by the first listener; the second says so and shows it', async () => {
      await start(two);
      should(runtime.log).eql(['error errors.path-taken']);
      should(runtime.lastStatus('in2')).match({ fill: 'red', text: `${CATALOG}:status.path-taken` });
      should(runtime.lastStatus('in')).equal(undefined);
      const next = runtime.messages('h');
      const client = await runtime.connect('/ws');
      client.send('x');
      should((await next()).payload).equal('x');
      await client.close();
    });

    it('stays with its owner when that is edited, and goes to the next when it is removed', async () => {
      await start(two);
      const client = await runtime.connect('/ws');
      const edited = two.map((node) => (node === two[1] ? { ...node, timeout: '3600' } : node));
      await runtime.deploy(edited, 'nodes');
      should(await client.closed).eql({ code: 1012, reason: 'service restart' });
      const next = runtime.messages('h');
      const again = await runtime.connect('/ws');
      again.send('to the owner');
      should((await next()).payload).equal('to the owner');
      await runtime.deploy(
        two.filter(({ id }) => id !== 'l' && id !== 'in'),
        'nodes',
      );
      should((await again.closed).code).equal(1012);
      const heir = runtime.messages('h2');
      const third = await runtime.connect('/ws');
      third.send('to the heir');
      should((await heir()).payload).equal('to the heir');
      await third.close();
    });

    it('belongs to a built-in listener, deployed before', async () => {
      await start([TAB, ...BUILT_IN, listener(), input(), HELPER]);
      should(runtime.log).eql(['error errors.path-taken']);
      const next = runtime.messages('bh');
      const client = await SocketClient.open(runtime.url('/ws'));
      client.send('built-in');
      should((await next()).payload).equal('built-in');
      await client.close();
    });

    it('belongs to a built-in listener that is deployed later, until that is removed', async () => {
      await start(ECHO);
      const client = await runtime.connect('/ws');
      await runtime.deploy([...ECHO, ...BUILT_IN], 'nodes');
      should((await client.closed).code).equal(1012);
      should(runtime.lastStatus('in')).match({ fill: 'red', text: `${CATALOG}:status.path-taken` });
      const open = await SocketClient.open(runtime.url('/ws'));
      await open.close();
      await runtime.deploy(ECHO, 'nodes');
      should((await runtime.refused('/ws')).status).equal(401);
      const next = await runtime.connect('/ws');
      next.send('ours again');
      should(await next.nextText()).equal('ours again');
      await next.close();
    });

    it('may belong to a built-in listener on a disabled tab', async () => {
      const disabled = { id: 'd', type: 'tab', label: 'Off', disabled: true };
      await start([...ECHO, disabled, { ...BUILT_IN[0], z: 'd' }]);
      await (await runtime.connect('/ws')).close();
    });

    it("is the editor's own", async () => {
      await start([TAB, listener({ path: '/comms' }), input(), HELPER]);
      should(runtime.log).eql(['error errors.path-taken']);
    });
  });

  it('works beside the built-in nodes on another path', async () => {
    const builtIn = BUILT_IN.map((node) => (node.id === 'b' ? { ...node, path: '/open' } : node));
    await start([...ECHO, ...builtIn]);
    const [ours, theirs] = [runtime.messages('h'), runtime.messages('bh')];
    const [a, b] = [await runtime.connect('/ws'), await SocketClient.open(runtime.url('/open'))];
    a.send('ours');
    b.send('theirs');
    should((await ours()).payload).equal('ours');
    should((await theirs()).payload).equal('theirs');
    for (const client of [a, b]) await client.close();
  });

  it('stands below httpNodeRoot', async () => {
    await start([TAB, listener({ path: 'ws/grüße' }), input(), HELPER], { httpNodeRoot: '/flows/' });
    const client = await runtime.connect('/flows/ws/gr%C3%BC%C3%9Fe');
    await client.close();
  });

  it('asks webSocketNodeVerifyClient first', async () => {
    const webSocketNodeVerifyClient = (info: { req: { headers: Record<string, string> } }) =>
      info.req.headers['x-pass'] === 'yes';
    await start(ECHO, { webSocketNodeVerifyClient });
    should((await runtime.refused('/ws', token())).status).equal(401);
    const client = await SocketClient.open(runtime.url('/ws', token()), { headers: { 'x-pass': 'yes' } });
    await client.close();
    const passed = await SocketClient.refused(runtime.url('/ws'), { headers: { 'x-pass': 'yes' } });
    should(passed.status).equal(401);
  });

  it('takes its limits from settings.js', async () => {
    await start(ECHO, { websocketPlusListener: { maxTokenBytes: 10, pingInterval: 'x' } });
    should((await runtime.refused('/ws', token())).body).equal('{"error":"token_invalid"}');
  });

  it('leaves the connections alone when another node is deployed', async () => {
    await start(ECHO);
    const client = await runtime.connect('/ws');
    for (const name of ['a', 'b', 'c']) {
      const changed = ECHO.map((node) => (node.id === 'in' || node.id === 'out' ? { ...node, name } : node));
      await runtime.deploy(changed, 'nodes');
      client.send(name);
      should(await client.nextText()).equal(name);
    }
    await client.close();
  });

  it('leaves nothing behind: no upgrade handler, no timer, no socket', async () => {
    await start([TAB, HELPER]);
    const before = runtime.server.listenerCount('upgrade');
    const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
    const timersBefore = timers();
    for (let i = 0; i < 12; i += 1) {
      await runtime.deploy(
        [...ECHO, { id: `n${i}`, z: 'f', x: 1, y: 1, type: 'helper', wires: [] }],
        'full',
        CREDENTIALS,
      );
      const client = await runtime.connect('/ws', { ...CLAIMS, exp: seconds(600) });
      await runtime.deploy([TAB, HELPER]);
      should((await client.closed).code).equal(1012);
    }
    should(runtime.server.listenerCount('upgrade')).equal(before);
    // the runtime itself keeps one of 5 s for each upgrade (runtime/lib/index.js)
    should(timers() - timersBefore).be.belowOrEqual(12);
    await new Promise<void>((resolve, reject) => {
      runtime.server.getConnections((error, count) =>
        error ? reject(error) : resolve(should(count).equal(0) as never),
      );
    });
  });

  it('routes by tenant through a flow, also after a delay that outlives the session', async () => {
    await start(ECHO);
    const next = runtime.messages('h');
    const [a, b, other] = [
      await runtime.connect('/ws'),
      await runtime.connect('/ws'),
      await runtime.connect('/ws', { tenant_id: 'other' }),
    ];
    a.send('one');
    const message = await next();
    for (const client of [a, b]) should(await client.nextText()).equal('one');
    const gone = runtime.status('in');
    await a.close();
    await gone;
    runtime.inject('out', { ...message, payload: 'two' });
    should(await b.nextText()).equal('two');
    await other.drained();
    should(other.unread).equal(0);
    for (const client of [b, other]) await client.close();
  });

  it('keeps the sessions of two subflow instances apart: the second has no path', async () => {
    const subflow: Flow = [
      TAB,
      { id: 's', type: 'subflow', name: 'Sub', in: [], out: [] },
      { ...listener(), z: 's', jwtValidation: 'none' },
      { ...input({ wires: [] }), z: 's' },
      { id: 'i1', z: 'f', x: 1, y: 1, type: 'subflow:s', wires: [] },
      { id: 'i2', z: 'f', x: 1, y: 1, type: 'subflow:s', wires: [] },
    ];
    await start(subflow);
    should(runtime.log).eql(['error errors.path-taken']);
    const client = await SocketClient.open(runtime.url('/ws'));
    client.socket.terminate();
    await once(client.socket, 'close');
  });
});
