import should from 'should';
import { JwksServer } from '../support/core/jwks-server.js';
import { SocketClient } from '../support/core/socket-client.js';
import { CLAIMS, SECRET, type Signer, seconds, signer, token } from '../support/core/tokens.js';
import { CLIPPED, choose, TOO_WIDE } from '../support/editor/dialog-rows.js';
import { editorNodeRed } from '../support/editor/editor-node-red.js';
import { EditorPage } from '../support/editor/editor-page.js';
import { showTab } from '../support/editor/tabs.js';
import { TokenTrial } from '../support/editor/token-trial.js';
import type { NodeRedProcess } from '../support/package/node-red-process.js';

const PREFIX = 'node-config-input-';

describe('an issuer in its dialog, and in that of its listener', function () {
  this.timeout(240_000); // Node-RED fetches the dependencies

  let nodeRed: NodeRedProcess;
  let editor: EditorPage;
  let rsa: Signer;
  let endpoint: JwksServer;

  before(async () => {
    nodeRed = await editorNodeRed();
    rsa = await signer('RS256', 'rsa-1');
  });
  beforeEach(async () => {
    endpoint = await JwksServer.start([rsa.jwk, { ...rsa.jwk, kid: 'enc-1', use: 'enc' }]);
    await nodeRed.deploy([
      { id: 'f', type: 'tab', label: 'Flow' },
      {
        id: 'k',
        type: 'websocket-plus-issuer',
        name: 'Login',
        issuer: 'https://login.example.com',
        keysFrom: 'jwks',
        jwksUri: endpoint.uri,
      },
      {
        id: 's',
        type: 'websocket-plus-issuer',
        issuer: 'https://shared',
        keysFrom: 'secret',
        credentials: { secret: SECRET },
      },
      {
        id: 'l',
        type: 'websocket-plus-listener',
        path: '/ws/issued',
        jwtValidation: 'issuers',
        issuer: 'k',
        issuer2: 's',
        tenantClaim: 'org.id',
        origins: 'https://*.example.com, none',
        refusal: 'close',
      },
      { id: 'in', type: 'websocket-plus in', z: 'f', x: 150, y: 100, server: 'l', wires: [['out']] },
      { id: 'out', type: 'websocket-plus out', z: 'f', x: 400, y: 100, server: 'l', wires: [] },
    ]);
    editor = await EditorPage.open(nodeRed);
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await editor.screenshot('failed-try-issuer');
    await editor.close();
    await endpoint.stop();
  });

  function good(iss: string) {
    return { ...CLAIMS, iss, org: { id: 'acme' }, exp: seconds(3600) };
  }

  /** What the dialog says about keys, once it has asked. */
  async function fetchNow(): Promise<string> {
    await editor.page.locator('#websocket-plus-fetch').click();
    const said = editor.page.locator('#websocket-plus-fetched');
    const { page } = editor;
    await said
      .and(page.locator('.websocket-plus-passed').or(page.locator('.websocket-plus-failed')))
      .waitFor();
    return (await said.textContent()) ?? '';
  }

  it('shows what was fetched, from where, and which keys are of use', async () => {
    await editor.openConfigNode('k');
    should(await fetchNow()).equal('Fetched. Usable keys: 1 of 2');
    const asked = editor.page.locator('.websocket-plus-asked li');
    should(await asked.allTextContents()).eql([endpoint.uri]);
    const states = editor.page.locator('.websocket-plus-keys tbody td:last-child');
    should(await states.allTextContents()).eql(['usable', 'not for signatures (use)']);
    await editor.screenshot('fetch-now', editor.dialog);
    await choose(editor.dialog, PREFIX, { jwksUri: `${endpoint.uri}?other` });
    should(await editor.page.locator('#websocket-plus-fetched').textContent()).equal('');
  });

  it('says why nothing was fetched, or what to correct first', async () => {
    await editor.openConfigNode('k');
    endpoint.answer = JwksServer.status(403);
    should(await fetchNow()).match(/answered with status 403\./);
    await editor.screenshot('fetch-now-failed', editor.dialog);
    await choose(editor.dialog, PREFIX, { jwksUri: 'ftp://x' });
    should(await fetchNow()).match(/^Enter the address of the key set/);
  });

  it('recognises the address of a description, and goes over to discovery', async () => {
    await editor.openConfigNode('k');
    const address = 'https://a.example/realms/x/.well-known/openid-configuration';
    await choose(editor.dialog, PREFIX, { issuer: '', jwksUri: address });
    await editor.screenshot('discovery-url-as-jwks', editor.dialog);
    await editor.page.locator('#websocket-plus-use-discovery').click();
    const values = ['keysFrom', 'issuer', 'discoveryUrl'].map((name) =>
      editor.page.locator(`#${PREFIX}${name}`).inputValue(),
    );
    should(await Promise.all(values)).eql(['discovery', 'https://a.example/realms/x', '']);
  });

  it('goes over to issuers where that address stands in a listener', async () => {
    await editor.openConfigNode('l');
    const jwksUri = 'https://a.example/.well-known/openid-configuration';
    await choose(editor.dialog, PREFIX, { jwtValidation: 'jwks', jwksUri });
    await editor.page.locator('#websocket-plus-use-discovery').click();
    should(await editor.page.locator(`#${PREFIX}jwtValidation`).inputValue()).equal('issuers');
  });

  it('says what a secret looks like, at its field', async () => {
    const base64 = Buffer.from(SECRET.slice(0, 32)).toString('base64');
    for (const [id, name] of [
      ['s', 'secret'],
      ['l', 'jwtSecret'],
    ] as const) {
      await editor.openConfigNode(id);
      if (id === 'l') await choose(editor.dialog, PREFIX, { jwtValidation: 'hs256' });
      const hints = editor.page.locator('[data-when^="secret-"].websocket-plus-hint:visible');
      for (const [secret, hint] of [
        [base64, /^This looks like base64/],
        [` ${SECRET}`, /^There is white space/],
        [Buffer.from(base64).toString('hex'), /^These are hex digits/],
      ] as const) {
        await choose(editor.dialog, PREFIX, { [name]: secret });
        should((await hints.allTextContents()).join('|')).match(hint);
      }
      await choose(editor.dialog, PREFIX, { [name]: SECRET });
      should(await hints.count()).equal(0);
      await editor.cancel();
    }
  });

  it('tries a token, with the tenant where its listener looks for it', async () => {
    await editor.openConfigNode('k');
    const trial = await TokenTrial.open(editor.page);
    should(await editor.page.locator('#websocket-plus-trial-claim').inputValue()).equal('org.id');
    const { verdict, checks, session } = await trial.try(await rsa.sign(good('https://login.example.com')));
    should(verdict).match(/^In order/);
    should(session).be.undefined();
    should(checks).match({
      Signature: 'made with the key rsa-1 of the key set: passed',
      Tenant: 'acme, nested in the claims at org.id: passed',
    });
    await editor.screenshot('try-issuer', editor.dialog);
    const crossed = await trial.try(token(good('https://login.example.com')));
    should(crossed.checks.Algorithm).match(
      /^HS256: signed with a shared secret, but tokens are checked with public keys/,
    );
    await editor.screenshot('try-issuer-crossed', editor.dialog);
  });

  it('says at the field what was pasted in place of a token', async () => {
    await editor.openConfigNode('s');
    const trial = await TokenTrial.open(editor.page);
    const mistake = editor.page.locator('#websocket-plus-trial-mistake');
    await trial.field.fill(`Bearer ${token()}`);
    should(await mistake.textContent()).match(/^the word Bearer/);
    await trial.field.fill(token());
    should(await mistake.textContent()).equal('');
  });

  it('makes a test token where it has the secret', async () => {
    await editor.openConfigNode('s');
    const trial = await TokenTrial.open(editor.page);
    const { verdict, checks } = await trial.make({ subject: 'ann', tenant: 'acme' });
    should(verdict).match(/^In order/);
    should(checks.Tenant).match(/^acme/);
    await editor.screenshot('make-issuer-token', editor.dialog);
  });

  it('the listener names the issuer that a token is of, and tries an origin', async () => {
    await editor.openConfigNode('l');
    const trial = await TokenTrial.open(editor.page);
    await editor.page.locator('#websocket-plus-trial-origin').fill('https://app.example.com/page');
    const jwt = await rsa.sign(good('https://login.example.com'));
    const accepted = await trial.try(jwt);
    should(accepted.session).match({ tenantId: 'acme' });
    should(accepted.checks).match({
      Origin: 'https://app.example.com may connect: passed',
      'Issuer chosen': 'Login, by its iss: passed',
    });
    await editor.screenshot('try-token-issuers', editor.dialog);
    const stranger = await trial.try(await rsa.sign(good('https://login.example.com/')));
    should(stranger.verdict).equal('Refused with close code 4401 token_invalid (wrong issuer (iss))');
    should(stranger.checks['Issuer chosen']).match(/they differ in the slash at the end: failed$/);
    await editor.page.locator('#websocket-plus-trial-origin').fill('https://evil.example');
    should((await trial.try(jwt)).verdict).equal('Refused with close code 4403 origin_forbidden');
    await editor.screenshot('try-token-issuers-refused', editor.dialog);
  });

  it('the listener makes a token of its issuer with a secret, which the deployed one accepts', async () => {
    await editor.openConfigNode('l');
    const trial = await TokenTrial.open(editor.page);
    const { session, checks } = await trial.make({ subject: 'ann', tenant: 'acme' });
    should(session).match({ tenantId: 'acme', subject: 'ann' });
    should(checks['Issuer chosen']).equal('https://shared, by its iss: passed');
    const client = await SocketClient.open((await trial.made.textContent()) ?? '');
    client.send('hello');
    should(await client.nextText()).equal('hello');
    await client.close();
  });

  for (const [language, theme] of [
    ['de', 'light'],
    ['ja', 'dark'],
  ] as const) {
    it(`nothing is cut off or sticks out of what is found, ${language} on a small screen`, async () => {
      await editor.close();
      editor = await EditorPage.open(nodeRed, { language, theme });
      await editor.page.setViewportSize({ width: 1366, height: 768 });
      async function shouldFit(name: string): Promise<void> {
        await editor.screenshot(`${language}-${name}`, editor.dialog);
        should(await editor.evaluate(TOO_WIDE)).eql([], name);
        should(await editor.evaluate(CLIPPED)).eql([], name);
      }
      await editor.openConfigNode('k');
      await fetchNow();
      await shouldFit('fetched');
      endpoint.answer = JwksServer.status(403);
      await fetchNow();
      await shouldFit('not-fetched');
      const ofIssuer = await TokenTrial.open(editor.page);
      await ofIssuer.try(token(good('https://login.example.com')));
      await shouldFit('issuer-trial');
      await editor.cancel();
      await editor.openConfigNode('s');
      await choose(editor.dialog, PREFIX, { secret: ` ${Buffer.from(SECRET.slice(1)).toString('base64')}` });
      await shouldFit('secret');
      await editor.cancel();
      await editor.openConfigNode('l');
      const ofListener = await TokenTrial.open(editor.page);
      await editor.page.locator('#websocket-plus-trial-origin').fill('https://evil.example');
      await ofListener.try(
        await rsa.sign({ ...good('https://login.example.com'), org: undefined, nbf: seconds(9) }),
      );
      await shouldFit('listener-trial');
      await choose(editor.dialog, PREFIX, {
        jwtValidation: 'jwks',
        jwksUri: 'https://login.example.com/.well-known/openid-configuration',
      });
      await shouldFit('jwks-discovery');
    });
  }

  it('judges by what was changed in the issuer since the last deploy, its secret included', async () => {
    await editor.openConfigNode('s');
    await choose(editor.dialog, PREFIX, { audience: 'chat', secret: `${SECRET} but newer` });
    await editor.done();
    await editor.openConfigNode('l');
    const trial = await TokenTrial.open(editor.page);
    should((await trial.try(token(good('https://shared')))).verdict).match(/wrong signature/);
    const fresh = { ...good('https://shared'), aud: 'chat' };
    should((await trial.try(token(fresh, { secret: `${SECRET} but newer` }))).session).match({
      tenantId: 'acme',
    });
    await showTab(editor.dialog, 'access');
  });
});
