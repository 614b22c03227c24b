import should from 'should';
import { until } from '../../support/cluster/until.js';
import { Authority } from '../../support/core/certificates.js';
import { ConnectProxy } from '../../support/core/connect-proxy.js';
import { setEnvironment } from '../../support/core/environment.js';
import { OriginServer } from '../../support/core/origin-server.js';
import { TokenServer } from '../../support/core/token-server.js';
import { type Credentials, type Flow, Runtime } from '../../support/runtime/runtime.js';

const CONNECTED = 'node-red:common.status.connected';
const CATALOG = '@inteli.city/node-red-contrib-websocket-plus/websocket-plus';
const SECRETS: Credentials = { client: { clientId: 'device', clientSecret: 'SECRET-OF-CLIENT' } };

describe('nodes/client: logging in', () => {
  const tab = { id: 'tab', type: 'tab' };
  const at = { z: 'tab', x: 1, y: 1 };
  const input = { id: 'in', type: 'websocket-plus in', ...at, client: 'client', wires: [[]] };
  const output = { id: 'out', type: 'websocket-plus out', ...at, client: 'client', wires: [] };
  const watching = { id: 'watching', type: 'status', ...at, scope: null, wires: [] };
  const caught = { id: 'caught', type: 'helper', ...at, wires: [] };
  const catching = { id: 'catching', type: 'catch', ...at, scope: null, wires: [['caught']] };
  const authority = new Authority();
  let origin: OriginServer;
  let tokens: TokenServer;
  let runtime: Runtime;
  let restoreEnvironment: () => void;
  const { random } = Math;

  function client(properties: Record<string, unknown>): Flow[number] {
    return { id: 'client', type: 'websocket-plus-client', path: origin.url('/ws'), ...properties };
  }
  function grantee(properties: Record<string, unknown> = {}): Flow[number] {
    return client({ authMode: 'oauth2', tokenUrl: tokens.url, ...properties });
  }
  async function start(flow: Flow, credentials: Credentials = {}, settings: Record<string, unknown> = {}) {
    runtime = await Runtime.start([tab, ...flow], credentials, settings);
  }
  function traces(): string {
    return runtime.wholeLog + JSON.stringify(runtime.statuses);
  }
  function codeOf({ error }: Record<string, unknown>): unknown {
    return (error as { source?: unknown; message?: unknown } | undefined)?.message;
  }

  beforeEach(async () => {
    restoreEnvironment = setEnvironment({ CLIENT_TOKEN: 'a.SECRET-TOKEN.c' });
    Math.random = () => 0; // retries come at once
    origin = await OriginServer.start();
    tokens = await TokenServer.start();
  });
  afterEach(async () => {
    await runtime.stop();
    await origin.stop();
    await tokens.stop();
    restoreEnvironment();
    Math.random = random;
  });

  it('takes the token from an environment variable', async () => {
    await start([client({ authMode: 'value', tokenType: 'env', tokenValue: 'CLIENT_TOKEN' }), input]);
    should((await origin.asked.next()).url).equal('/ws?token=a.SECRET-TOKEN.c');
    await runtime.shown('in', CONNECTED);
    should(traces()).not.containEql('SECRET');
  });

  it('takes the token from the global context, as soon as a flow has put one there', async () => {
    await start([
      client({ authMode: 'value', tokenType: 'global', tokenValue: 'login.token', tokenPlacement: 'header' }),
      input,
      watching,
      { id: 'helper', type: 'helper', ...at, wires: [] },
    ]);
    await runtime.shown('in', 'no token');
    runtime.context('helper').set('login', { token: 'a.SECRET-TOKEN.c' });
    should((await origin.asked.next()).headers.authorization).equal('Bearer a.SECRET-TOKEN.c');
    await runtime.shown('in', CONNECTED);
    should(traces()).not.containEql('SECRET');
  });

  it('gets the token with its credentials, and nothing of that is logged at any level', async () => {
    await start([grantee(), input, watching], SECRETS);
    await runtime.shown('in', CONNECTED);
    const { url = '' } = await origin.asked.next();
    const [, token = '-'] = url.split('token=');
    tokens.answer = TokenServer.json({ error: 'invalid_client', error_description: 'SECRET-WORDS' }, 401);
    origin.answer = 401;
    origin.dropAll();
    await runtime.shown('in', '401');
    await runtime.shown('in', 'token 401 invalid_client');
    const traced = traces();
    for (const secret of ['SECRET', token, Buffer.from('device:').toString('base64').slice(0, -2)]) {
      should(traced).not.containEql(secret);
    }
    should(runtime.log.filter((line) => line.includes('invalid_client'))).eql([]);
    should(runtime.log.filter((line) => line.startsWith('warn')).length).equal(1); // one outage
  });

  it('warns when a token is not renewed, while it is still connected, and repeats nothing of it', async () => {
    tokens.answer = TokenServer.granting(2);
    await start([grantee(), input], SECRETS);
    await runtime.shown('in', CONNECTED);
    tokens.answer = TokenServer.json({ error: 'invalid_client', error_description: 'SECRET-WORDS' }, 401);
    await until(() => runtime.log.some((line) => line.startsWith('warn')));
    should(runtime.log).eql(['warn warn.renewal-failed']);
    should(runtime.lastStatus('in')).containEql({ text: CONNECTED });
    should(traces()).not.containEql('SECRET');
  });

  it('gets the token through the proxy and with the TLS configuration of the client', async () => {
    const secure = await TokenServer.start(authority.issue('login', ['127.0.0.1']));
    const proxy = await ConnectProxy.start();
    const tls = {
      id: 'trust',
      type: 'tls-config',
      cert: '',
      key: '',
      ca: '',
      caname: 'ca.pem',
      verifyservercert: true,
    };
    await start(
      [grantee({ tokenUrl: secure.url, tls: 'trust' }), tls, input],
      { ...SECRETS, trust: { cadata: authority.cert } },
      { proxyOptions: { https_proxy: proxy.url } },
    );
    await runtime.shown('in', CONNECTED);
    should(proxy.log.map(({ target }) => target)).eql([`127.0.0.1:${secure.port}`]);
    should(secure.requests.length).equal(1);
    await secure.stop();
    await proxy.stop();
  });

  it('sends no secret without TLS through a proxy', async () => {
    const proxy = await ConnectProxy.start();
    await start([grantee(), input], SECRETS, { proxyOptions: { http_proxy: proxy.url } });
    await runtime.shown('in', CONNECTED);
    should(proxy.log.map(({ target }) => target)).eql([`127.0.0.1:${origin.port}`]);
    should(tokens.requests.length).equal(1);
    await proxy.stop();
  });

  for (const [what, properties, code] of [
    ['no token endpoint', { tokenUrl: '' }, 'token-url'],
    [
      'one that the secret would cross a network to in clear text',
      { tokenUrl: 'http://login.example.com' },
      'token-url',
    ],
    ['no secret', {}, 'client-secret'],
    [
      'two tokens in one place',
      {
        tokenPlacement: 'header',
        headers: [{ keyType: 'Authorization', keyValue: '', valueType: 'x', valueValue: '' }],
      },
      'headers-authorization',
    ],
  ] as const) {
    it(`does not begin with ${what}`, async () => {
      const credentials = code === 'client-secret' ? { client: { clientId: 'device' } } : SECRETS;
      await start([grantee(properties), input], credentials as Credentials);
      await runtime.shown('in', `${CATALOG}:status.${code}`);
      should(runtime.log.length).equal(1);
      should(origin.requests).eql([]);
      should(tokens.requests).eql([]);
    });
  }

  it('warns once of a token that crosses a network in a URL without TLS', async () => {
    const url = 'ws://ws.invalid/ws';
    await start([client({ path: url, authMode: 'value', tokenValue: 'CLIENT_TOKEN' }), input, watching]);
    await runtime.shown('in', 'ENOTFOUND').catch(() => {});
    should(runtime.log.filter((line) => line.includes('token-in-clear')).length).equal(1);
  });

  it('says how many messages wait, and gives them up before a deploy stops the flow', async () => {
    origin.answer = 503;
    const flow = [client({ authMode: 'none', queue: '100' }), input, output, catching, caught, watching];
    await start(flow);
    await runtime.shown('in', '503');
    const errors = runtime.messages('caught');
    Math.random = () => 0.99;
    for (let i = 0; i < 12; i += 1) runtime.inject('out', { payload: i });
    const waiting = 'status.waiting';
    while (!String(runtime.lastStatus('in')?.text).includes(waiting)) await runtime.status('in');
    const deployed = runtime.deploy(
      [tab, client({ authMode: 'none', queue: '99' }), ...flow.slice(1)],
      'nodes',
    );
    const codes = new Set<unknown>();
    for (let i = 0; i < 12; i += 1) codes.add(codeOf(await errors()));
    should([...codes].length).equal(1);
    should(String([...codes][0])).containEql('send-not-connected');
    await deployed;
  });

  it('waits for a flow that says where to connect, where there is a node for that', async () => {
    const control = {
      id: 'control',
      type: 'websocket-plus control',
      ...at,
      client: 'client',
      action: 'msg',
      wires: [['answer']],
    };
    const answer = { id: 'answer', type: 'helper', ...at, wires: [] };
    const event = {
      id: 'event',
      type: 'websocket-plus event',
      ...at,
      client: 'client',
      events: ['connect', 'disconnect', 'failed'],
      wires: [['told']],
    };
    const told = { id: 'told', type: 'helper', ...at, wires: [] };
    const empty = client({ path: '', authMode: 'jwt' });
    await start([empty, input], { client: { jwt: 'a.SECRET.c' } });
    await runtime.shown('in', `${CATALOG}:status.url-missing`);
    const flow = [tab, empty, input, control, answer, event, told];
    await runtime.deploy(flow, 'full', { client: { jwt: 'a.SECRET.c' } });
    await runtime.shown('in', 'node-red:common.status.disconnected');
    const answers = runtime.messages('answer');
    const events = runtime.messages('told');
    runtime.inject('control', { action: 'connect', payload: { url: origin.url('/told') } });
    should((await answers()).payload).eql({ state: 'connecting' });
    should((await origin.asked.next()).url).equal('/told?token=a.SECRET.c');
    const { event: kind, payload, _session } = await events();
    should([kind, payload]).eql(['connect', {}]);
    runtime.inject('control', { action: 'connect', payload: {} });
    should((await answers()).payload).eql({ state: 'connected' });
    runtime.inject('control', { action: 'close', payload: {} });
    should((await answers()).payload).eql({ state: 'closed' });
    const ended = await events();
    should([ended.event, ended._session]).eql(['disconnect', _session]);
    should(ended.payload).containEql({ code: 1001, received: { messages: 0, bytes: 0 } });
    origin.answer = 403;
    runtime.inject('control', { action: 'connect', payload: { token: 'd.SECRET.f' } });
    should((await origin.asked.next()).url).equal('/told?token=d.SECRET.f');
    const failed = await events();
    should([failed.event, failed.payload]).eql(['failed', { reason: '403', attempt: 1, retryInMs: 0 }]);
    should(traces()).not.containEql('SECRET');
  });
});
