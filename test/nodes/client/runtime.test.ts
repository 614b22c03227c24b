import { once } from 'node:events';
import should from 'should';
import { Authority } from '../../support/core/certificates.js';
import { ConnectProxy } from '../../support/core/connect-proxy.js';
import { setEnvironment } from '../../support/core/environment.js';
import { OriginServer } from '../../support/core/origin-server.js';
import { backTo, resources } from '../../support/core/resources.js';
import { type Credentials, type Flow, Runtime } from '../../support/runtime/runtime.js';

const CONNECTED = 'node-red:common.status.connected';
const DISCONNECTED = 'node-red:common.status.disconnected';
const CATALOG = '@inteli.city/node-red-contrib-websocket-plus/websocket-plus';
const TOKEN = 'header.SECRET-TOKEN.signature';

describe('nodes/client/runtime', () => {
  const tab = { id: 'tab', type: 'tab' };
  const received = { id: 'received', type: 'helper', z: 'tab', x: 1, y: 1, wires: [] };
  const input = {
    id: 'in',
    type: 'websocket-plus in',
    z: 'tab',
    x: 1,
    y: 1,
    client: 'client',
    wires: [['received']],
  };
  const output = { id: 'out', type: 'websocket-plus out', z: 'tab', x: 1, y: 1, client: 'client', wires: [] };
  const caught = { id: 'caught', type: 'helper', z: 'tab', x: 1, y: 1, wires: [] };
  /** Has every change of a status shown, however soon the next one comes. */
  const watching = { id: 'watching', type: 'status', z: 'tab', x: 1, y: 1, scope: null, wires: [] };
  const catching = { id: 'catching', type: 'catch', z: 'tab', x: 1, y: 1, scope: null, wires: [['caught']] };
  let origin: OriginServer;
  let runtime: Runtime;
  let restoreEnvironment: () => void;
  const { random } = Math;

  function client(properties: Record<string, unknown> = {}): Flow[number] {
    return {
      id: 'client',
      type: 'websocket-plus-client',
      path: origin.url('/ws'),
      authMode: 'none',
      ...properties,
    };
  }
  async function start(
    flow: Flow,
    credentials: Credentials = {},
    settings: Record<string, unknown> = {},
  ): Promise<void> {
    runtime = await Runtime.start([tab, ...flow], credentials, settings);
  }

  /** All that was logged, at any level, and shown. */
  function traces(): string {
    return runtime.wholeLog + JSON.stringify(runtime.statuses);
  }
  function messageOf({ error }: Record<string, unknown>): unknown {
    return (error as { message?: unknown } | undefined)?.message;
  }

  beforeEach(async () => {
    restoreEnvironment = setEnvironment({ CLIENT_KEY: 'SECRET-HEADER', BROKEN_KEY: 'a\nb' });
    Math.random = () => 0; // retries come at once
    origin = await OriginServer.start();
  });
  afterEach(async () => {
    await runtime.stop();
    await origin.stop();
    restoreEnvironment();
    Math.random = random;
  });

  describe('a connection', () => {
    it('carries messages to and from the flow, and shows on every attached node', async () => {
      await start([client(), input, received, output, watching]);
      const messages = runtime.messages('received');
      const shown = await runtime.shown('in', CONNECTED);
      should(shown).containEql({ fill: 'green', shape: 'dot', event: 'connect' });
      await runtime.shown('out', CONNECTED);
      const server = await origin.accepted.next();
      server.send('hello');
      const message = await messages();
      should(message.payload).equal('hello');
      const { id } = message._session as { id: string };
      should(message._session).eql({ type: 'websocket', id, authStatus: 'none' });
      should(shown._session).eql(message._session);
      const heard = new Promise<string>((resolve) => server.once('message', (data) => resolve(String(data))));
      runtime.inject('out', { payload: { answer: 42 } });
      should(await heard).equal('{"answer":42}');
      server.close();
      should(await runtime.shown('in', DISCONNECTED)).containEql({
        fill: 'red',
        shape: 'ring',
        event: 'disconnect',
      });
      await runtime.shown('in', CONNECTED);
    });

    it('is one for all nodes that use it, and gives each its own message', async () => {
      const more = ['a', 'b', 'c'].flatMap((id) => [
        { ...input, id: `in-${id}`, wires: [[`received-${id}`]] },
        { ...received, id: `received-${id}` },
        { ...output, id: `out-${id}` },
      ]);
      await start([client(), ...more]);
      const queues = ['a', 'b', 'c'].map((id) => runtime.messages(`received-${id}`));
      (await origin.accepted.next()).send('x');
      const messages = await Promise.all(queues.map((next) => next()));
      should(new Set(messages).size).equal(3);
      should(new Set(messages.map(({ _session }) => _session)).size).equal(3);
      should(origin.requests.length).equal(1);
    });

    it('is begun by the first node that uses it, and by none that comes later', async () => {
      await start([]);
      const before = await resources();
      await runtime.deploy([tab, client()], 'nodes');
      await backTo(before);
      const another = { ...input, id: 'another' };
      await runtime.deploy([tab, client(), input, received], 'nodes');
      await runtime.shown('in', CONNECTED);
      await runtime.deploy([tab, client(), input, received, another, output], 'nodes');
      await runtime.shown('another', CONNECTED);
      should(origin.requests.length).equal(1);
    });

    it('survives partial deploys of the nodes that use it', async () => {
      const flow = (name: string) => [tab, client(), { ...input, name }, received, { ...output, name }];
      await start(flow('0').slice(1));
      await runtime.shown('in', CONNECTED);
      for (const name of ['1', '2', '3']) {
        await runtime.deploy(flow(name), 'nodes');
        await runtime.shown('in', CONNECTED); // at once: it is connected already
      }
      await runtime.deploy([tab, client()], 'nodes'); // nobody uses it for a while
      await runtime.deploy(flow('4'), 'nodes');
      await runtime.shown('in', CONNECTED);
      const messages = runtime.messages('received');
      const server = await origin.accepted.next();
      for (const text of ['one', 'two']) {
        server.send(text);
        should((await messages()).payload).equal(text);
      }
      should(origin.requests.length).equal(1);
      should(origin.openSockets).equal(1);
    });

    it('is made anew, and alone, when its config node changes', async () => {
      const flow = (path: string) => [tab, client({ path: origin.url(path) }), input, received];
      await start(flow('/0').slice(1));
      await runtime.shown('in', CONNECTED);
      for (const path of ['/1', '/2', '/3']) {
        await runtime.deploy(flow(path), 'nodes');
        await runtime.shown('in', CONNECTED);
      }
      should(origin.requests.map(({ url }) => url)).eql(['/0', '/1', '/2', '/3']);
      for (let i = 0; i < 3; i += 1) {
        const old = await origin.accepted.next();
        if (old.readyState !== old.CLOSED) await new Promise((resolve) => old.once('close', resolve));
      }
      should(origin.openWebSockets).equal(1);
    });

    it('is closed by an empty flow, and leaves nothing behind', async () => {
      await start([]);
      const before = await resources();
      await runtime.deploy([tab, client(), input, received, output], 'nodes');
      await runtime.shown('in', CONNECTED);
      const server = await origin.accepted.next();
      const closed = new Promise<number>((resolve) => server.once('close', resolve));
      await runtime.deploy([tab], 'nodes');
      should(await closed).equal(1001);
      await runtime.shown('in', '');
      await backTo(before);
    });

    it('is closed promptly by a deploy although the server never answers', async () => {
      await start([]);
      const before = await resources();
      origin.answer = 'deaf';
      await runtime.deploy([tab, client(), input, received], 'nodes');
      await runtime.shown('in', CONNECTED);
      const startedMs = performance.now();
      await runtime.deploy([tab], 'full');
      await origin.idle();
      should(performance.now() - startedMs).be.below(2000);
      await backTo(before);
    });

    it('that never comes about is given up by a deploy', async () => {
      await start([]);
      const before = await resources();
      origin.answer = 'silence';
      await runtime.deploy([tab, client(), input, received], 'nodes');
      await origin.asked.next();
      await runtime.deploy([tab], 'nodes');
      await origin.idle();
      await backTo(before);
    });
  });

  describe('an outage', () => {
    it('shows why on every attached node, warns once, and goes on', async () => {
      origin.answer = 401;
      await start([client({ authMode: 'jwt' }), input, received, output], { client: { jwt: TOKEN } });
      should(await runtime.shown('in', '401')).containEql({ fill: 'red', shape: 'ring', event: 'error' });
      await runtime.shown('out', '401');
      await runtime.shown('in', '401');
      should(traces().split('warn.client-down').length).equal(2);
      origin.answer = 'accept';
      await runtime.shown('in', CONNECTED);
      should(traces()).not.containEql('info.client-up'); // it has yet to last
    });

    it('shows the close code of a server that accepts and then closes, warns once, and repeats none of its words', async () => {
      const flow = [client({ authMode: 'jwt' }), input, received, output, watching];
      await start(flow, { client: { jwt: TOKEN } });
      for (let i = 0; i < 4; i += 1) {
        (await origin.accepted.next()).close(1008, `invalid: ${TOKEN}`);
        should(await runtime.shown('in', '1008')).containEql({
          fill: 'red',
          shape: 'ring',
          event: 'disconnect',
        });
      }
      await runtime.shown('out', '1008');
      should(traces().split('warn.client-').length).equal(2);
      should(traces()).not.containEql('info.client-up');
      should(traces()).not.containEql('invalid: ');
      should(traces()).not.containEql(TOKEN);
    });

    it('makes a message an error for Catch', async () => {
      origin.answer = 401;
      await start([client(), output, catching, caught]);
      const errors = runtime.messages('caught');
      runtime.inject('out', { payload: 'x' });
      const error = await errors();
      should(messageOf(error)).containEql('errors.send-not-connected');
      should(error.error).have.property('code', 'send-not-connected');
    });
  });

  describe('a faulty configuration', () => {
    const faults: [code: string, properties: Record<string, unknown>][] = [
      ['jwt-missing', { authMode: 'jwt' }],
      ['jwt-missing', { authMode: undefined }],
      ['auth-unknown', { authMode: 'basic' }],
      ['url-missing', { path: '' }],
      ['url-invalid', { path: 'https://example.com' }],
      ['heartbeat', { hb: '-1' }],
      ['subprotocol', { subprotocol: 'two words' }],
      ['tls', { tls: '$(NOT_SET)' }],
      ['whole-message', { wholemsg: '$(NOT_SET)' }],
      [
        'headers',
        { headers: [{ keyType: 'other', keyValue: 'X', valueType: 'other', valueValue: 'a\r\nb' }] },
      ],
      ['headers', { headers: [{ keyType: 'X', keyValue: '', valueType: 'env', valueValue: 'BROKEN_KEY' }] }],
    ];
    for (const [code, properties] of faults) {
      it(`is said once, shown, and keeps from connecting: ${code} ${JSON.stringify(properties)}`, async () => {
        await start([client(properties), input, received, output, catching, caught]);
        const text = `${CATALOG}:status.${code}`;
        should(await runtime.shown('in', text)).containEql({ fill: 'red', shape: 'ring' });
        await runtime.shown('out', text);
        should(traces().split(`errors.${code}`).length).equal(2);
        const errors = runtime.messages('caught');
        runtime.inject('out', { payload: 'x' });
        should(messageOf(await errors())).containEql(`errors.${code}`);
        should(origin.requests).eql([]);
      });
    }

    it('is also a token in the URL, and a proxy that is none', async () => {
      const path = origin.url('/ws?token=x');
      await start([client({ path, authMode: 'jwt' }), input, received], { client: { jwt: TOKEN } });
      await runtime.shown('in', `${CATALOG}:status.url-has-token`);
      await runtime.stop();
      await start([client(), input, received], {}, { proxyOptions: { http_proxy: 'socks5://u:p@h' } });
      await runtime.shown('in', `${CATALOG}:status.proxy-invalid`);
      should(origin.requests).eql([]);
    });
  });

  it('reads messages of up to maxPayload bytes, and of 16 MiB where a flow file does not say', async () => {
    for (const [properties, length, isRead] of [
      [{ maxPayload: '1024' }, 1024, true],
      [{ maxPayload: '1024' }, 1025, false],
      [{}, 16 * 1024 * 1024, true],
      [{}, 16 * 1024 * 1024 + 1, false],
    ] as const) {
      await start([client(properties), input, received]);
      const next = runtime.messages('received');
      const server = await origin.accepted.next();
      const closed = once(server, 'close');
      server.send('x'.repeat(length));
      if (isRead) should(String((await next()).payload).length).equal(length);
      else should((await closed)[0]).equal(1009);
      if (length !== 16 * 1024 * 1024 + 1) await runtime.stop();
    }
  });

  describe('the request', () => {
    it('carries the token, and headers that are fixed or from the environment', async () => {
      const headers = [
        { keyType: 'other', keyValue: 'X-Fixed', valueType: 'other', valueValue: 'fixed' },
        { keyType: 'Authorization', keyValue: '', valueType: 'env', valueValue: 'CLIENT_KEY' },
        { keyType: 'other', keyValue: 'X-Flow', valueType: 'env', valueValue: 'FLOW_KEY' },
        { keyType: 'other', keyValue: 'X-Unset', valueType: 'env', valueValue: 'NOT_SET' },
      ];
      const env = [{ name: 'FLOW_KEY', value: 'from-the-flow', type: 'str' }];
      const config = client({ authMode: 'jwt', headers, subprotocol: 'v1.chat', z: 'flow' });
      runtime = await Runtime.start([{ id: 'flow', type: 'tab', env }, config, input], {
        client: { jwt: 'a b&c.d.e' },
      });
      const { url, headers: sent } = await origin.asked.next();
      should(url).equal('/ws?token=a%20b%26c.d.e');
      should(sent).containEql({
        'x-fixed': 'fixed',
        authorization: 'SECRET-HEADER',
        'x-flow': 'from-the-flow',
        'sec-websocket-protocol': 'v1.chat',
      });
      should(sent['x-unset']).equal(undefined);
      should((await origin.accepted.next()).protocol).equal('v1.chat');
    });

    it('uses the certificates of a tls-config', async () => {
      const authority = new Authority();
      const tls = authority.issue('server', ['localhost']);
      const secure = await OriginServer.start({
        tls: { ...tls, ca: authority.cert, requestCert: true, rejectUnauthorized: true },
      });
      const tlsConfig = {
        id: 'tls',
        type: 'tls-config',
        cert: '',
        key: '',
        ca: '',
        certname: 'client.pem',
        keyname: 'client.key',
        caname: 'ca.pem',
      };
      const { cert, key } = authority.issue('client');
      const credentials = { tls: { certdata: cert, keydata: key, cadata: authority.cert } };
      const flow = (host: string, verifyservercert: boolean) => [
        { ...tlsConfig, verifyservercert },
        client({ path: secure.url('/ws', host), tls: 'tls' }),
        input,
        received,
      ];
      await start(flow('localhost', true), credentials);
      await runtime.shown('in', CONNECTED);
      await runtime.deploy([tab, ...flow('127.0.0.1', true)], 'nodes', credentials);
      await runtime.shown('in', 'ERR_TLS_CERT_ALTNAME_INVALID');
      await runtime.deploy([tab, ...flow('127.0.0.1', false)], 'nodes', credentials);
      await runtime.shown('in', CONNECTED);
      await secure.stop();
    });
  });

  describe('a proxy', () => {
    let proxy: ConnectProxy;
    let other: ConnectProxy;
    beforeEach(async () => {
      proxy = await ConnectProxy.start();
      other = await ConnectProxy.start();
    });
    afterEach(async () => {
      await proxy.stop();
      await other.stop();
    });

    it('is taken from settings before the environment, for ws:', async () => {
      Object.assign(process.env, { http_proxy: other.url, https_proxy: other.url });
      proxy.credentials = 'user:SECRET-PROXY';
      const http_proxy = proxy.url.replace('//', '//user:SECRET-PROXY@');
      await start([client(), input, received], {}, { proxyOptions: { http_proxy, https_proxy: other.url } });
      await runtime.shown('in', CONNECTED);
      should(proxy.targets).eql([`127.0.0.1:${origin.port}`]);
      should(other.targets).eql([]);
      should(traces()).not.containEql('SECRET-PROXY');
    });

    it('is taken from the environment, for wss:', async () => {
      const authority = new Authority();
      const secure = await OriginServer.start({ tls: authority.issue('server', ['localhost']) });
      Object.assign(process.env, { HTTP_PROXY: other.url, HTTPS_PROXY: proxy.url });
      const tls = {
        id: 'tls',
        type: 'tls-config',
        cert: '',
        key: '',
        ca: '',
        caname: 'ca.pem',
        verifyservercert: true,
      };
      const config = client({ path: secure.url('/ws', 'localhost'), tls: 'tls' });
      await start([tls, config, input, received], { tls: { cadata: authority.cert } });
      await runtime.shown('in', CONNECTED);
      should(proxy.targets).eql([`localhost:${secure.port}`]);
      should(other.targets).eql([]);
      await secure.stop();
    });

    for (const where of ['settings', 'environment']) {
      it(`is not asked for hosts that the ${where} exempts`, async () => {
        const proxyOptions: Record<string, unknown> = { http_proxy: proxy.url };
        if (where === 'settings') proxyOptions.no_proxy = ['example.com', '127.0.0.1'];
        else process.env.NO_PROXY = 'example.com,127.0.0.1';
        await start([client(), input, received], {}, { proxyOptions });
        await runtime.shown('in', CONNECTED);
        should(proxy.log).eql([]);
      });
    }

    it('that refuses shows proxy 407', async () => {
      proxy.credentials = 'user:other';
      const http_proxy = proxy.url.replace('//', '//user:SECRET-PROXY@');
      await start([client(), input, received], {}, { proxyOptions: { http_proxy } });
      await runtime.shown('in', 'proxy 407');
      should(traces()).not.containEql('SECRET-PROXY');
    });
  });

  describe('secrets', () => {
    it('are in no log line, status, error or message, whatever goes wrong', async () => {
      const SECRETS = ['SECRET-TOKEN', 'SECRET-HEADER', 'SECRET-USER', 'SECRET-QUERY', 'SECRET-PROXY'];
      const headers = [{ keyType: 'X-Key', keyValue: '', valueType: 'env', valueValue: 'CLIENT_KEY' }];
      const path = origin.url('/ws?key=SECRET-QUERY').replace('//', '//user:SECRET-USER@');
      const proxy = await ConnectProxy.start();
      const http_proxy = proxy.url.replace('//', '//user:SECRET-PROXY@');
      proxy.credentials = 'user:SECRET-PROXY';
      await start(
        [client({ path, authMode: 'jwt', headers }), input, received, output, catching, caught],
        { client: { jwt: TOKEN } },
        { proxyOptions: { http_proxy } },
      );
      const messages = runtime.messages('received');
      const errors = runtime.messages('caught');
      await runtime.shown('in', CONNECTED);
      const request = JSON.stringify([origin.requests[0]?.url, origin.requests[0]?.headers, proxy.log]);
      for (const secret of ['SECRET-TOKEN', 'SECRET-HEADER', 'SECRET-QUERY'])
        should(request).containEql(secret);
      (await origin.accepted.next()).send('x');
      const seen: unknown[] = [await messages()];
      for (const answer of [401, 302, 'accept'] as const) {
        origin.answer = answer;
        if (answer === 401) origin.dropAll();
        await runtime.shown('in', answer === 'accept' ? CONNECTED : String(answer));
        runtime.inject('out', { payload: answer === 'accept' ? 1n : 'x' });
        seen.push((await errors()).error);
      }
      proxy.behaviour = 502;
      origin.dropAll();
      await runtime.shown('in', 'proxy 502');
      await proxy.stop();
      await runtime.shown('in', 'ECONNREFUSED');
      const all = traces() + JSON.stringify(seen);
      for (const secret of SECRETS) should(all).not.containEql(secret);
    });
  });
});
