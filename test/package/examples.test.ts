import { randomBytes } from 'node:crypto';
import should from 'should';
import { OriginServer } from '../support/core/origin-server.js';
import { Queue } from '../support/core/queue.js';
import { SocketClient } from '../support/core/socket-client.js';
import { joinChat, nextEvent, socketUrl } from '../support/package/chat.js';
import {
  example,
  exampleNames,
  withChatSecret,
  withVariable,
  withVariables,
} from '../support/package/examples.js';
import { installedNodeRed, PACKAGE } from '../support/package/installed-node-red.js';
import { type NodeRedProcess, nodeRedUnderTest } from '../support/package/node-red-process.js';
import { CONNECTED, statusShown } from '../support/package/status-shown.js';

describe(`examples on Node-RED ${nodeRedUnderTest().version}`, function () {
  this.timeout(240_000); // Node-RED fetches the dependencies

  let nodeRed: NodeRedProcess;

  before(async () => {
    ({ nodeRed } = await installedNodeRed());
  });

  for (const name of exampleNames()) {
    const flow = example(name.slice(0, 2));

    it(`${name}: ships no secret`, () => {
      for (const { credentials, env } of flow) {
        for (const value of Object.values((credentials ?? {}) as object)) should(value).match(/^\$\{\w+\}$/);
        for (const { type, value } of (env ?? []) as readonly Variable[]) {
          if (type === 'cred') should(value).equal('');
        }
      }
    });

    it(`${name}: needs no other node package`, async () => {
      const sets = (await nodeRed.json('/nodes')) as readonly NodeSet[];
      const types = sets
        .filter(({ module }) => module === 'node-red' || module === PACKAGE)
        .flatMap((set) => set.types);
      const structure = ['tab', 'group'];
      for (const { type } of flow) should([...structure, ...types]).containEql(type);
    });

    it(`${name}: says in a comment how to use it`, () => {
      should(flow.some(({ type, info }) => type === 'comment' && info !== '')).be.true();
    });
  }

  describe('01, echo with a session reply', () => {
    before(() => nodeRed.deploy(example('01')));

    it('serves a page', async () => {
      const response = await nodeRed.request('/echo');
      should(response.status).equal(200);
      should(await response.text()).containEql('ws/echo');
    });

    it('answers the connection that asked, and no other', async () => {
      const one = await SocketClient.open(socketUrl(nodeRed, '/ws/echo'));
      const other = await SocketClient.open(socketUrl(nodeRed, '/ws/echo'));
      one.send('hello');
      should(await one.nextText()).equal('You said: hello');
      other.send('me too');
      should(await other.nextText()).equal('You said: me too');
      for (const client of [one, other]) {
        await client.drained();
        should(client.unread).equal(0);
        await client.close();
      }
    });
  });

  describe('02, chat between tenants, as imported', () => {
    before(() => nodeRed.deploy(example('02')));

    it('is refused service until there is a secret, and the page is told so', async () => {
      const response = await nodeRed.post('/chat/token', { name: 'ann', tenant: 'acme' });
      should(response.status).equal(503);
      should(await response.json()).eql({ error: 'secret_missing' });
      should((await SocketClient.refused(socketUrl(nodeRed, '/ws/chat', 'a.b.c'))).status).equal(503);
    });
  });

  describe('02, chat between tenants, after its one step', () => {
    before(() => nodeRed.deploy(withChatSecret(example('02'), randomBytes(16).toString('hex'))));

    it('serves a page', async () => {
      const response = await nodeRed.request('/chat');
      should(response.status).equal(200);
      should(response.headers.get('content-type')).startWith('text/html');
      should(await response.text()).containEql('chat/token');
    });

    it('gives no token for a tenant or a name that it does not know', async () => {
      const bad = [
        { name: 'ann', tenant: 'umbrella' },
        { name: ' ', tenant: 'acme' },
        { name: { a: 1 } },
        [],
        {},
      ];
      for (const body of bad) {
        const response = await nodeRed.post('/chat/token', body);
        should(response.status).equal(400);
        should(await response.json()).eql({ error: 'name_or_tenant' });
      }
    });

    it('forbids a cache to keep a token', async () => {
      const response = await nodeRed.post('/chat/token', { name: 'ann', tenant: 'acme' });
      should(response.headers.get('cache-control')).equal('no-store');
    });

    it('tells a tenant, and nobody else, who comes and goes', async () => {
      const ann = await joinChat(nodeRed, 'ann', 'acme');
      const bob = await joinChat(nodeRed, 'bob', 'globex');
      const ada = await joinChat(nodeRed, 'ada', 'acme');
      should(await nextEvent(ann)).containDeep({ kind: 'joined', from: 'ada' });
      await ada.close();
      should(await nextEvent(ann)).containDeep({ kind: 'left', from: 'ada' });
      await bob.drained();
      should(bob.unread).equal(0);
      await bob.close();
      await ann.close();
    });

    it('passes on text only, and none that is empty or too long', async () => {
      const ann = await joinChat(nodeRed, 'ann', 'acme');
      ann.send(Buffer.from('binary'));
      ann.send('   ');
      ann.send('x'.repeat(1001));
      ann.send('  hello  ');
      should(await nextEvent(ann)).containDeep({ kind: 'message', from: 'ann', text: 'hello' });
      await ann.close();
    });
  });

  describe('03, keys from a JWKS', () => {
    // where Node-RED is not at port 1880, its one step is to say where
    before(() => nodeRed.deploy(withVariable(example('03'), 'JWKS_URI', `${nodeRed.url}/keys/jwks.json`)));

    async function login(alg: string): Promise<string> {
      const response = await nodeRed.post('/keys/token', { name: 'ann', tenant: 'acme', alg });
      return ((await response.json()) as { readonly token: string }).token;
    }

    it('serves a page', async () => {
      const response = await nodeRed.request('/keys');
      should(response.status).equal(200);
      should(await response.text()).containEql('keys/token');
    });

    it('publishes the public half of its keys only', async () => {
      const { keys } = (await nodeRed.json('/keys/jwks.json')) as { readonly keys: readonly object[] };
      should(keys.map((key) => Object.keys(key).sort())).eql([
        ['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y'],
        ['alg', 'e', 'kid', 'kty', 'n', 'use'],
      ]);
    });

    for (const alg of ['ES256', 'RS256']) {
      it(`lets in who has a token of the login, ${alg}`, async () => {
        const client = await SocketClient.open(socketUrl(nodeRed, '/ws/keys', await login(alg)));
        client.send('hello');
        should(await client.nextText()).equal('you are ann of acme, and you said hello');
        await client.close();
      });

      it(`refuses other claims below a signature of the login, ${alg}`, async () => {
        const [header, claims, signature] = (await login(alg)).split('.');
        const others = Buffer.from(`${claims}`, 'base64url').toString().replace('acme', 'globex');
        const forged = `${header}.${Buffer.from(others).toString('base64url')}.${signature}`;
        const { status, body } = await SocketClient.refused(socketUrl(nodeRed, '/ws/keys', forged));
        should(status).equal(401);
        should(JSON.parse(body)).eql({ error: 'token_invalid' });
      });
    }

    it('makes other keys at the next deploy', async () => {
      const old = await login('ES256');
      await nodeRed.deploy(withVariable(example('03'), 'JWKS_URI', `${nodeRed.url}/keys/jwks.json`));
      should((await SocketClient.refused(socketUrl(nodeRed, '/ws/keys', old))).status).equal(401);
      const client = await SocketClient.open(socketUrl(nodeRed, '/ws/keys', await login('ES256')));
      await client.close();
    });

    it('gives no token for what it does not know', async () => {
      for (const body of [{ name: 'ann', tenant: 'acme', alg: 'none' }, { alg: 'ES256' }, {}]) {
        should((await nodeRed.post('/keys/token', body)).status).equal(400);
      }
    });
  });

  describe('04, a client that bridges to a listener, as imported', () => {
    before(() => nodeRed.deploy(example('04')));

    it('serves a page', async () => {
      const response = await nodeRed.request('/bridge');
      should(response.status).equal(200);
      should(await response.text()).containEql('bridge/setup');
    });

    it('shows a secret and a token that are new each time and that nobody keeps', async () => {
      const response = await nodeRed.request('/bridge/setup');
      should(response.headers.get('cache-control')).equal('no-store');
      const { ready, values } = (await response.json()) as BridgeSetup;
      should(ready).be.false();
      const { values: others } = (await nodeRed.json('/bridge/setup')) as BridgeSetup;
      should(values.OFFICE_SECRET)
        .match(/^[\w-]{43}$/)
        .and.not.equal(others.OFFICE_SECRET);
      should(values.OFFICE_TOKEN)
        .match(/^[\w-]+\.[\w-]+\.[\w-]{43}$/)
        .and.not.equal(others.OFFICE_TOKEN);
      const url = socketUrl(nodeRed, '/ws/office', values.OFFICE_TOKEN);
      should((await SocketClient.refused(url)).status).equal(503);
    });

    it('tells who writes that there is no token yet', async () => {
      const visitor = await SocketClient.open(socketUrl(nodeRed, '/ws/branch'));
      visitor.send('hello');
      const { problem } = (await visitor.nextJson()) as { readonly problem: string };
      should(problem).containEql('Enter the token');
      await visitor.close();
    });
  });

  describe('04, a client that bridges to a listener, after its one step', () => {
    const flow = example('04');
    const fromOffice = String(flow.find(({ name }) => name === 'from the office')?.id);
    let values: Record<string, string>;

    before(async () => {
      await nodeRed.deploy(flow);
      ({ values } = (await nodeRed.json('/bridge/setup')) as BridgeSetup);
      await nodeRed.deploy(withVariables(flow, values));
      await statusShown(nodeRed, fromOffice, CONNECTED);
    });

    async function visitors(count: number): Promise<SocketClient[]> {
      const all = [];
      for (let n = 0; n < count; n += 1) all.push(await SocketClient.open(socketUrl(nodeRed, '/ws/branch')));
      return all;
    }
    /** Each of them gets these, in this order, and nothing else. */
    async function get(receivers: readonly SocketClient[], ...events: readonly object[]): Promise<void> {
      for (const receiver of receivers) {
        for (const event of events) should(await receiver.nextJson()).eql(event);
        await receiver.drained();
        should(receiver.unread).equal(0);
      }
    }
    async function leave(all: readonly SocketClient[]): Promise<void> {
      for (const one of all) await one.close();
    }

    it('shows no values any more, neither new ones nor those of the tab', async () => {
      should(await nodeRed.json('/bridge/setup')).eql({ ready: true });
    });

    it('carries what is written at the branch to the office and back to every page, once', async () => {
      const pages = await visitors(3);
      pages[0]?.send('one');
      await get(pages, { from: 'branch', text: 'one' }); // a message that came twice would be the next one's rival
      pages[1]?.send('two');
      await get(pages, { from: 'branch', text: 'two' });
      await leave(pages);
    });

    it('carries what the office says by itself to every page, once', async () => {
      const pages = await visitors(2);
      const button = flow.find(({ type }) => type === 'inject');
      should((await nodeRed.post(`/inject/${button?.id}`, {})).status).equal(200);
      await get(pages, JSON.parse(String(button?.payload)) as object);
      await leave(pages);
    });

    it('is a peer of the office like any other', async () => {
      const pages = await visitors(2);
      const peer = await SocketClient.open(socketUrl(nodeRed, '/ws/office', values.OFFICE_TOKEN));
      const all = [...pages, peer];
      peer.send('from next door');
      await get(all, { from: 'branch', text: 'from next door' });
      pages[0]?.send('from a page');
      await get(all, { from: 'branch', text: 'from a page' });
      await leave(all);
    });

    it('shows 401 token_invalid where the office has another secret, and tells who writes', async () => {
      const { OFFICE_TOKEN = '' } = values;
      const another = withVariables(flow, { ...values, OFFICE_SECRET: randomBytes(32).toString('hex') });
      await nodeRed.deploy(another);
      should(await statusShown(nodeRed, fromOffice, '401 token_invalid')).containEql({
        fill: 'red',
        shape: 'ring',
      });
      const url = socketUrl(nodeRed, '/ws/office', OFFICE_TOKEN);
      should((await SocketClient.refused(url)).status).equal(401);
      const page = await SocketClient.open(socketUrl(nodeRed, '/ws/branch'));
      page.send('anybody there?');
      const { problem } = (await page.nextJson()) as { readonly problem: string };
      should(problem).containEql('no connection');
      await page.close();
    });

    it('writes neither secret nor token to the log', () => {
      for (const secret of [values.OFFICE_SECRET, ...String(values.OFFICE_TOKEN).split('.').slice(1)]) {
        should(nodeRed.log.includes(String(secret))).be.false();
      }
    });
  });

  describe('05, announcements to everybody', () => {
    before(() => nodeRed.deploy(example('05')));

    it('serves a page', async () => {
      const response = await nodeRed.request('/news');
      should(response.status).equal(200);
      should(await response.text()).containEql('ws/news');
    });

    it('sends to every connection when a button is pressed', async () => {
      const readers = [];
      for (let n = 0; n < 3; n += 1) readers.push(await SocketClient.open(socketUrl(nodeRed, '/ws/news')));
      const button = example('05').find(({ type }) => type === 'inject');
      should((await nodeRed.post(`/inject/${button?.id}`, {})).status).equal(200);
      for (const reader of readers) {
        should(await reader.nextJson()).have.property('text', button?.payload);
        await reader.close();
      }
    });
  });

  describe('08, who is here', () => {
    const here = async (name: string, tenant: string): Promise<SocketClient> => {
      const response = await nodeRed.post('/presence/token', { name, tenant });
      const { token } = (await response.json()) as { token: string };
      return SocketClient.open(socketUrl(nodeRed, '/ws/presence', token));
    };
    /** The next news of a peer: the welcome and the list may come in any order. */
    const news = async (client: SocketClient, count = 1) => {
      const all: unknown[] = [];
      for (let i = 0; i < count; i += 1) all.push(await client.nextJson());
      return all.sort((one, other) => JSON.stringify(one).localeCompare(JSON.stringify(other)));
    };

    before(() =>
      nodeRed.deploy(withVariables(example('08'), { PRESENCE_SECRET: randomBytes(16).toString('hex') })),
    );

    it('serves a page', async () => {
      should(await (await nodeRed.request('/presence')).text()).containEql('presence/token');
    });

    it('welcomes who comes, and tells the tenant, and nobody else, who is here and who has left', async () => {
      const ann = await here('ann', 'acme');
      should(await news(ann, 2)).eql([
        { news: 'ann has come', here: ['ann'] },
        { news: 'Welcome, ann! You are number 1 of acme.' },
      ]);
      const eve = await here('eve', 'globex');
      should(await news(eve, 2)).match([{ here: ['eve'] }, {}]);
      const bob = await here('bob', 'acme');
      should(await news(bob, 2)).match([
        { news: 'bob has come', here: ['ann', 'bob'] },
        { news: /number 2/ },
      ]);
      should(await news(ann)).eql([{ news: 'bob has come', here: ['ann', 'bob'] }]);
      await bob.close();
      should(await news(ann)).eql([{ news: 'bob has left', here: ['ann'] }]);
      await eve.drained();
      should(eve.unread).equal(0);
      await Promise.all([ann.close(), eve.close()]);
    });

    it('gives no token for what it does not know', async () => {
      should((await nodeRed.post('/presence/token', { name: 'ann', tenant: 'umbrella' })).status).equal(400);
    });
  });

  describe('09, an admin page, as imported', () => {
    it('lets nobody in before there is a secret', async () => {
      await nodeRed.deploy(example('09'));
      should((await nodeRed.post('/admin/login', { secret: '' })).status).equal(503);
      should((await SocketClient.refused(socketUrl(nodeRed, '/ws/admin', 'a.b.c'))).status).equal(503);
    });
  });

  describe('09, an admin page, after its one step', () => {
    const secret = randomBytes(16).toString('hex');
    const tokenOf = async (path: string, body: object): Promise<string> => {
      const { token } = (await (await nodeRed.post(path, body)).json()) as { token: string };
      return token;
    };
    const person = (name: string) => tokenOf('/people/token', { name, tenant: 'acme' });
    /** The next answer to what an admin asks; what is told of events meanwhile is passed over. */
    const answer = async (client: SocketClient, action: string) => {
      for (;;) {
        const message = (await client.nextJson()) as { action?: string; payload: unknown };
        if (message.action === action) return message.payload;
      }
    };
    let admin: SocketClient;

    before(async () => {
      await nodeRed.deploy(withVariables(example('09'), { ADMIN_SECRET: secret }));
      admin = await SocketClient.open(
        socketUrl(nodeRed, '/ws/admin', await tokenOf('/admin/login', { secret })),
      );
    });
    after(() => admin.close());

    it('serves a page, and a token to who knows the secret alone', async () => {
      should(await (await nodeRed.request('/admin')).text()).containEql('admin/login');
      for (const wrong of [{}, { secret: '' }, { secret: [secret] }, { secret: `${secret} ` }, []]) {
        should((await nodeRed.post('/admin/login', wrong)).status).equal(401);
      }
    });

    it('refuses at the door of the admins who has a token of the people, and the other way round', async () => {
      const visitor = await person('ann');
      const other = await tokenOf('/admin/login', { secret });
      should((await SocketClient.refused(socketUrl(nodeRed, '/ws/admin', visitor))).status).equal(401);
      should((await SocketClient.refused(socketUrl(nodeRed, '/ws/people', other))).status).equal(401);
    });

    it('tells who comes, lists, closes and blocks', async () => {
      const jwt = await person('bob');
      const bob = await SocketClient.open(socketUrl(nodeRed, '/ws/people', jwt));
      admin.send(JSON.stringify({ action: 'list', payload: {} }));
      const [row] = (await answer(admin, 'list')) as { session: { id: string; subject: string } }[];
      should(row?.session.subject).equal('bob');
      admin.send(JSON.stringify({ action: 'disconnect', payload: { session: row?.session.id } }));
      should(await answer(admin, 'disconnect')).eql({ disconnected: 1 });
      should((await bob.closed).code).equal(4403);
      admin.send(JSON.stringify({ action: 'revoke', payload: { subject: 'bob', tenantId: 'acme' } }));
      should(await answer(admin, 'revoke')).match({ disconnected: 0 });
      should((await SocketClient.refused(socketUrl(nodeRed, '/ws/people', jwt))).body).match(/token_revoked/);
    });

    it('does no more than the flow allows, and nothing for everybody by mistake', async () => {
      const ann = await SocketClient.open(socketUrl(nodeRed, '/ws/people', await person('ann')));
      admin.send(JSON.stringify({ action: 'restore', payload: { subject: 'bob' } }));
      should(await answer(admin, 'error')).match(/may list, disconnect and revoke/);
      admin.send(JSON.stringify({ action: 'disconnect', payload: {} }));
      should(await answer(admin, 'error')).match(/Name who is meant/);
      await ann.drained();
      should(ann.socket.readyState).equal(ann.socket.OPEN);
      await ann.close();
    });
  });

  describe('06, a login in the first message', () => {
    before(() => nodeRed.deploy(withVariable(example('06'), 'RENEW_KEYS', `${nodeRed.url}/renew/jwks.json`)));

    async function login(seconds: number, name = 'ann'): Promise<string> {
      const response = await nodeRed.post('/renew/token', { name, tenant: 'acme', seconds });
      const { token } = (await response.json()) as { readonly token: string };
      return JSON.stringify({ type: 'authenticate', token });
    }

    it('serves a page', async () => {
      const response = await nodeRed.request('/renew');
      should(response.status).equal(200);
      should(await response.text()).containEql('renew/token');
    });

    it('lets in who shows a token first, warns before it expires, and takes a newer one', async () => {
      const client = await SocketClient.open(socketUrl(nodeRed, '/ws/renew'));
      client.send(await login(2));
      should(await client.nextJson()).have.property('type', 'authenticated');
      client.send('hello');
      should(await client.nextText()).equal('you are ann of acme, and you said hello');
      should(await client.nextJson()).have.property('type', 'expiring');
      client.send(await login(300));
      const { type, expiresIn } = (await client.nextJson()) as {
        readonly type: string;
        readonly expiresIn: number;
      };
      should(type).equal('authenticated');
      should(expiresIn).be.above(250);
      client.send('still here');
      should(await client.nextText()).equal('you are ann of acme, and you said still here');
      await client.close();
    });

    it('closes with 4403 where the newer token is of somebody else', async () => {
      const client = await SocketClient.open(socketUrl(nodeRed, '/ws/renew'));
      client.send(await login(200));
      should(await client.nextJson()).have.property('type', 'authenticated');
      client.send(await login(300, 'bob'));
      should((await client.closed).code).equal(4403);
    });

    it('has no use for a token in the URL', async () => {
      const { token } = JSON.parse(await login(200)) as { readonly token: string };
      const client = await SocketClient.open(socketUrl(nodeRed, '/ws/renew', token));
      client.send('hello');
      should((await client.closed).code).equal(4401);
    });

    it('gives no token for what it does not know', async () => {
      for (const body of [{ name: 'ann', tenant: 'acme', seconds: 1 }, { name: 'ann', seconds: 20 }, {}]) {
        should((await nodeRed.post('/renew/token', body)).status).equal(400);
      }
    });
  });

  describe('07, an issuer by discovery', () => {
    before(() => nodeRed.deploy(withVariable(example('07'), 'ISSUER', `${nodeRed.url}/issuer`)));

    async function login(alg: string, tenant = 'acme'): Promise<string> {
      const response = await nodeRed.post('/issuer/token', { name: 'ann', tenant, alg });
      return ((await response.json()) as { readonly token: string }).token;
    }

    it('serves a page', async () => {
      const response = await nodeRed.request('/issuer');
      should(response.status).equal(200);
      should(await response.text()).containEql('issuer/token');
    });

    it('describes itself, and publishes the public half of its keys only', async () => {
      const document = (await nodeRed.json('/issuer/.well-known/openid-configuration')) as Record<
        string,
        string
      >;
      should(document.issuer).equal(`${nodeRed.url}/issuer`);
      const { pathname } = new URL(String(document.jwks_uri));
      const { keys } = (await nodeRed.json(pathname)) as { readonly keys: readonly object[] };
      should(keys.map((key) => Object.keys(key).sort())).eql([
        ['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y'],
        ['alg', 'e', 'kid', 'kty', 'n', 'use'],
      ]);
    });

    for (const alg of ['ES256', 'RS256']) {
      it(`lets in who has a token of the issuer, ${alg}`, async () => {
        const client = await SocketClient.open(socketUrl(nodeRed, '/ws/issuer', await login(alg, 'globex')));
        client.send('hello');
        should(await client.nextText()).equal('you are ann of globex, and you said hello');
        await client.close();
      });
    }

    it('refuses what the issuer has not signed', async () => {
      const [header, claims, signature] = (await login('ES256')).split('.');
      const others = Buffer.from(`${claims}`, 'base64url').toString().replace('acme', 'globex');
      const forged = `${header}.${Buffer.from(others).toString('base64url')}.${signature}`;
      const { status, body } = await SocketClient.refused(socketUrl(nodeRed, '/ws/issuer', forged));
      should([status, JSON.parse(body)]).eql([401, { error: 'token_invalid' }]);
    });

    it('makes other keys at the next deploy', async () => {
      const old = await login('ES256');
      await nodeRed.deploy(withVariable(example('07'), 'ISSUER', `${nodeRed.url}/issuer`));
      should((await SocketClient.refused(socketUrl(nodeRed, '/ws/issuer', old))).status).equal(401);
      await (await SocketClient.open(socketUrl(nodeRed, '/ws/issuer', await login('ES256')))).close();
    });
  });

  describe('10, a device that logs in', () => {
    const flow = example('10');
    const button = String(flow.find(({ type }) => type === 'inject')?.id);
    const sending = String(flow.find(({ type }) => type === 'websocket-plus out')?.id);
    const variables = (server: string) => ({
      DEVICE_SECRET: randomBytes(32).toString('base64url'),
      LOGIN: `${nodeRed.url}/device`,
      SERVER: server,
    });

    async function measured(): Promise<readonly { readonly device: string }[]> {
      return (await nodeRed.json('/device/measurements')) as readonly { readonly device: string }[];
    }

    it('says as imported what is missing', async () => {
      await nodeRed.deploy(flow);
      await statusShown(nodeRed, sending, `${PACKAGE}/websocket-plus:status.client-secret`);
    });

    it('logs in, and what it measures arrives with its name', async () => {
      await nodeRed.deploy(withVariables(flow, variables(socketUrl(nodeRed, '/ws/devices'))));
      await statusShown(nodeRed, sending, CONNECTED);
      should(await measured()).eql([]);
      await nodeRed.post(`/inject/${button}`, {});
      while ((await measured()).length === 0);
      should((await measured())[0])
        .have.properties({ device: 'boiler-7' })
        .and.have.properties(['at', 'celsius']);
    });

    it('keeps what it measures while the server is away', async () => {
      const origin = await OriginServer.start();
      origin.answer = 503;
      await nodeRed.deploy(withVariables(flow, variables(origin.url())));
      await origin.asked.next();
      for (let i = 0; i < 3; i += 1) await nodeRed.post(`/inject/${button}`, {});
      origin.answer = 'accept';
      const server = await origin.accepted.next();
      const heard = new Queue<Record<string, unknown>>();
      server.on('message', (data) => heard.push(JSON.parse(String(data)) as Record<string, unknown>));
      should((await heard.next()).type).equal('authenticate');
      server.send('{"type":"authenticated","expiresIn":null}');
      for (let i = 0; i < 3; i += 1) should(await heard.next()).have.property('celsius');
      await origin.stop();
    });

    it('gives nobody else a token', async () => {
      for (const authorization of [
        '',
        'Basic',
        `Basic ${Buffer.from('boiler-7:guess').toString('base64')}`,
      ]) {
        const response = await nodeRed.request('/device/token', {
          method: 'POST',
          headers: { authorization },
        });
        should([response.status, await response.json()]).eql([401, { error: 'invalid_client' }]);
      }
    });
  });
});

interface Variable {
  readonly type: string;
  readonly value: unknown;
}

/** What the page of example 04 is told: the values for its tab, until they are there. */
interface BridgeSetup {
  readonly ready: boolean;
  readonly values: Record<string, string>;
}

interface NodeSet {
  readonly module: string;
  readonly types: readonly string[];
}
