import { randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import should from 'should';
import { SocketClient } from '../support/core/socket-client.js';
import { type Claims, OTHER_SECRET, seconds, token as signed } from '../support/core/tokens.js';
import { chatToken, joinChat, nextEvent, socketUrl } from '../support/package/chat.js';
import { example, exampleNames, withChatSecret } from '../support/package/examples.js';
import { type Installed, installedNodeRed, PACKAGE, ROOT } from '../support/package/installed-node-red.js';
import { type NodeRedProcess, nodeRedUnderTest } from '../support/package/node-red-process.js';

const TYPES = [
  'websocket-plus-listener',
  'websocket-plus-client',
  'websocket-plus-issuer',
  'websocket-plus-cluster',
  'websocket-plus in',
  'websocket-plus out',
  'websocket-plus event',
  'websocket-plus control',
];
const CATALOG = `${PACKAGE}/websocket-plus`;

describe(`the package, uploaded to Node-RED ${nodeRedUnderTest().version}`, function () {
  this.timeout(240_000); // Node-RED fetches the dependencies

  let installed: Installed;
  let nodeRed: NodeRedProcess;

  before(async () => {
    installed = await installedNodeRed();
    ({ nodeRed } = installed);
  });

  it('carries what is needed at run time and nothing else', () => {
    const { packed } = installed;
    should(packed).containDeep([
      'LICENSE',
      'README.md',
      'CHANGELOG.md',
      'dist/src/listener/listener.js',
      'dist/nodes/websocket-plus.js',
      'dist/nodes/websocket-plus.html',
      'dist/nodes/locales/en-US/websocket-plus.json',
      'dist/nodes/locales/en-US/websocket-plus.html',
      ...exampleNames().map((name) => `examples/${name}.json`),
    ]);
    const allowed =
      /^(package\.json|[A-Z]+(\.md)?|dist\/(src|nodes)\/.+\.(js|html|json|svg)|examples\/.+\.json)$/;
    should(packed.filter((path) => !allowed.test(path))).eql([]);
  });

  it('runs on the version that was asked for', () => {
    should(nodeRed.log).containEql(`Node-RED version: v${nodeRedUnderTest().version}`);
  });

  it('is live at once, all its types enabled and without an error', async () => {
    const { nodes } = installed.answer as { readonly nodes: readonly NodeSet[] };
    should(nodes).have.length(1);
    const [set] = nodes;
    should(set?.types).containDeep(TYPES);
    should(set?.enabled).be.true();
    should(set).not.have.property('err');
  });

  it('is saved in the user directory, so that a restart finds it', async () => {
    const { dependencies } = JSON.parse(await readFile(join(installed.userDir, 'package.json'), 'utf8'));
    should(dependencies).have.property(PACKAGE);
  });

  it('gives the editor its dialogs, its script and its help', async () => {
    const html = await (await nodeRed.request('/nodes', { headers: { accept: 'text/html' } })).text();
    for (const type of TYPES) {
      should(html).containEql(`data-template-name="${type}"`);
      should(html).containEql(`registerType("${type}"`);
      should(html).containEql(`data-help-name="${type}"`);
    }
  });

  it('names no text in its dialogs that the catalog lacks', async () => {
    const html = await (await nodeRed.request('/nodes', { headers: { accept: 'text/html' } })).text();
    const dialogs = html
      .split('<script')
      .filter((part) => /^[^>]*data-template-name="websocket-plus/.test(part));
    should(dialogs).have.length(TYPES.length);
    const texts = await nodeRed.json(`/locales/${CATALOG}?lng=en-US`);
    for (const [, keys = ''] of dialogs.join().matchAll(/data-i18n="([^"]+)"/g)) {
      for (const key of keys.split(';'))
        should(texts).have.propertyByPath(...key.replace(/^\[.+\]/, '').split('.'));
    }
  });

  it('gives the editor its texts in every language', async () => {
    for (const language of await readdir(join(ROOT, 'locales'))) {
      const file = join(ROOT, 'locales', language, 'websocket-plus.json');
      const texts = await nodeRed.json(`/locales/${CATALOG}?lng=${language}`);
      should(texts).eql(JSON.parse(await readFile(file, 'utf8')), language);
    }
  });

  it('gives the editor its icons', async () => {
    for (const icon of await readdir(join(ROOT, 'icons'))) {
      const response = await nodeRed.request(`/icons/${PACKAGE}/${icon}`);
      should(response.headers.get('content-type')).startWith('image/svg+xml');
      should(await response.text()).equal(await readFile(join(ROOT, 'icons', icon), 'utf8'));
    }
  });

  it('shows its examples in the import dialog', async () => {
    const files = (await nodeRed.json(`/library/examples/flows/${PACKAGE}/`)) as readonly { fn: string }[];
    should(files.map(({ fn }) => fn)).eql(exampleNames());
  });

  describe('with the chat between tenants', () => {
    const secret = randomBytes(32).toString('hex');
    const tokens: string[] = [];

    before(() => nodeRed.deploy(withChatSecret(example('02'), secret)));

    /** A token of this flow's secret, remembered, so that a test can look for it in the log. */
    function made(claims: Claims, by = secret): string {
      const token = signed({ sub: 'ann', tenant_id: 'acme', exp: seconds(60), ...claims }, { secret: by });
      tokens.push(token);
      return token;
    }

    async function refusal(token?: string): Promise<unknown> {
      const { status, headers, body } = await SocketClient.refused(socketUrl(nodeRed, '/ws/chat', token));
      should(status).equal(401);
      should(headers['www-authenticate']).startWith('Bearer');
      should(headers['cache-control']).equal('no-store');
      return JSON.parse(body);
    }

    it('lets a valid token in', async () => {
      const client = await SocketClient.open(socketUrl(nodeRed, '/ws/chat', made({})));
      should(await client.nextJson()).containDeep({ kind: 'joined', from: 'ann' });
      await client.close();
    });

    it('refuses a peer without a token with 401', async () => {
      should(await refusal()).eql({ error: 'token_missing' });
      should(await refusal('')).eql({ error: 'token_missing' });
    });

    it('refuses an expired token with 401', async () => {
      should(await refusal(made({ exp: seconds(-1) }))).eql({ error: 'token_expired' });
    });

    it('refuses a token of another secret, and one without a tenant, with 401', async () => {
      should(await refusal(made({}, OTHER_SECRET))).eql({ error: 'token_invalid' });
      should(await refusal(made({ tenant_id: undefined }))).eql({ error: 'tenant_missing' });
    });

    it('keeps two tenants apart who sign in through the page', async () => {
      const ann = await joinChat(nodeRed, 'ann', 'acme');
      const bob = await joinChat(nodeRed, 'bob', 'globex');
      const ada = await joinChat(nodeRed, 'ada', 'acme');
      should(await nextEvent(ann)).containDeep({ kind: 'joined', from: 'ada' });

      ann.send('for acme');
      bob.send('for globex');
      for (const client of [ann, ada]) {
        should(await nextEvent(client)).containDeep({ kind: 'message', from: 'ann', text: 'for acme' });
      }
      should(await nextEvent(bob)).containDeep({ kind: 'message', from: 'bob', text: 'for globex' });

      for (const client of [ann, bob, ada]) {
        await client.drained();
        should(client.unread).equal(0);
      }
      for (const client of [ann, bob, ada]) await client.close();
    });

    it('keeps a token of another tenant in that tenant, whatever its messages say', async () => {
      const ann = await joinChat(nodeRed, 'ann', 'acme');
      const stranger = await SocketClient.open(
        socketUrl(nodeRed, '/ws/chat', made({ sub: 'eve', tenant_id: 'globex' })),
      );
      should(await nextEvent(stranger)).containDeep({ kind: 'joined', from: 'eve' });

      const forged = JSON.stringify({ text: 'hello', from: 'ann', _session: { tenantId: 'acme' } });
      stranger.send(forged);
      should(await nextEvent(stranger)).containDeep({ kind: 'message', from: 'eve', text: forged });
      await ann.drained();
      should(ann.unread).equal(0);
      await stranger.close();
      await ann.close();
    });

    it('writes no token and no secret to the log, not even at its most talkative', async () => {
      tokens.push(await chatToken(nodeRed, 'ann', 'acme'));
      should(nodeRed.log).containEql('[trace]');
      should(nodeRed.log).containEql('token_expired'); // the refusals themselves are there
      should(nodeRed.log.includes(secret)).be.false();
      for (const token of tokens) {
        for (const part of [token, ...token.split('.').slice(1)]) {
          should(nodeRed.log.includes(part)).be.false();
        }
      }
    });
  });
});

interface NodeSet {
  readonly types: readonly string[];
  readonly enabled: boolean;
}
