import { randomBytes } from 'node:crypto';
import should from 'should';
import { joinChat, nextEvent, socketUrl } from '../support/chat.js';
import { example, exampleNames, withChatSecret, withVariable } from '../support/examples.js';
import { installedNodeRed, PACKAGE } from '../support/installed-node-red.js';
import { type NodeRedProcess, nodeRedUnderTest } from '../support/node-red-process.js';
import { SocketClient } from '../support/socket-client.js';

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
});

interface Variable {
  readonly type: string;
  readonly value: unknown;
}

interface NodeSet {
  readonly module: string;
  readonly types: readonly string[];
}
