import should from 'should';
import { JwksServer } from '../support/core/jwks-server.js';
import { SocketClient } from '../support/core/socket-client.js';
import { CLAIMS, type Claims, OTHER_SECRET, SECRET, seconds, signer, token } from '../support/core/tokens.js';
import { type Choices, choose } from '../support/editor/dialog-rows.js';
import { editorNodeRed } from '../support/editor/editor-node-red.js';
import { EditorPage } from '../support/editor/editor-page.js';
import { TokenTrial } from '../support/editor/token-trial.js';
import type { FlowNode, NodeRedProcess } from '../support/package/node-red-process.js';

/** An echo, so that a client that was accepted is also served. */
const FLOW: readonly FlowNode[] = [
  { id: 'f', type: 'tab', label: 'Flow' },
  {
    id: 'l',
    type: 'websocket-plus-listener',
    name: '',
    path: '/ws/tried',
    wholemsg: 'false',
    jwtValidation: 'hs256',
    jwtSecretEncoding: 'utf8',
    jwksUri: '',
    jwtIssuer: 'https://login.example.com',
    jwtAudience: '',
    clockTolerance: '0',
    issuer: '',
    issuer2: '',
    issuer3: '',
    issuer4: '',
    verifyFunction: '',
    tokenSources: ['query'],
    tokenHeader: 'Authorization',
    tokenCookie: 'token',
    origins: '',
    refusal: 'http',
    tenantFrom: 'claim',
    tenantClaim: 'tenant_id',
    tenantId: '',
    sessionClaims: '',
    routingScope: 'tenant',
    timeout: '',
    authExpiry: 'disconnect',
    rateLimit: '',
    maxConnections: '',
    maxConnectionsPerSubject: '',
    whenFull: 'refuse',
    enforceLimits: true,
    maxPayload: '1048576',
    cluster: '',
    credentials: { jwtSecret: SECRET },
  },
  { id: 'in', type: 'websocket-plus in', z: 'f', x: 150, y: 100, server: 'l', wires: [['out']] },
  { id: 'out', type: 'websocket-plus out', z: 'f', x: 400, y: 100, server: 'l', wires: [] },
];

/** Claims that the listener accepts for an hour. */
function good(): Claims {
  return { ...CLAIMS, iss: 'https://login.example.com', exp: seconds(3600) };
}

const SESSION = {
  type: 'websocket',
  id: '…',
  tenantId: 'acme',
  subject: 'ann',
  authStatus: 'verified',
  routingScope: 'tenant',
};

/** All that the editor holds of a node, however deep. */
const EVERYTHING_OF = (id: string) => `(() => {
  const seen = new Set();
  return JSON.stringify(RED.nodes.node('${id}'), (_key, value) => {
    if (typeof value !== 'object' || value === null) return value;
    if (seen.has(value)) return undefined;
    seen.add(value);
    return value;
  });
})()`;

describe('try a token', function () {
  this.timeout(240_000); // Node-RED fetches the dependencies

  let nodeRed: NodeRedProcess;
  let editor: EditorPage;

  before(async () => {
    nodeRed = await editorNodeRed();
  });
  beforeEach(async () => {
    await nodeRed.deploy(FLOW);
    editor = await EditorPage.open(nodeRed);
    await editor.page.setViewportSize({ width: 1500, height: 1900 }); // all of the dialog in its pictures
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await editor.screenshot('failed-try-token');
    await editor.close();
  });

  async function openTrial(): Promise<TokenTrial> {
    await editor.openConfigNode('l');
    return TokenTrial.open(editor.page);
  }

  /** Fills fields of the dialog, in whichever tab they are. */
  function type(choices: Choices): Promise<void> {
    return choose(editor.dialog, 'node-config-input-', choices);
  }

  function typeSecret(jwtSecret: string): Promise<void> {
    return type({ jwtSecret });
  }

  async function served(address: string): Promise<void> {
    const client = await SocketClient.open(address);
    client.send('hello');
    should(await client.nextText()).equal('hello');
    await client.close();
  }

  it('shows the session that a good token gets, judged by the deployed secret', async () => {
    const trial = await openTrial();
    const { verdict, session, checks } = await trial.try(token(good()));
    should(verdict).equal('Accepted. A connection with this token gets this session:');
    should(session).eql(SESSION);
    should(checks).match({
      Signature: 'made with the shared secret: passed',
      Issuer: 'https://login.example.com: passed',
      Audience: 'every value is accepted: not checked',
      Expiry: /^expires in 1 hour \(.+\): passed$/,
      Tenant: 'acme, from the claim tenant_id: passed',
    });
    await editor.screenshot('try-token-good', editor.dialog);
    await editor.screenshot('try-token-good-section', trial.section);
  });

  it('says when an expired token has expired, and how a peer is refused', async () => {
    const trial = await openTrial();
    const { verdict, session, checks } = await trial.try(token({ ...good(), exp: seconds(-180) }));
    should(verdict).match(/^Refused with 401 token_expired \(expired, by 18\d s\)$/);
    should(session).be.undefined();
    should(checks).match({
      Signature: /: passed$/,
      Expiry: /^expired 3 minutes ago \(.+\): failed$/,
      Tenant: /^acme, .+: passed$/,
    });
    await editor.screenshot('try-token-expired', editor.dialog);
  });

  it('trusts nothing in a token that was made with another secret', async () => {
    const trial = await openTrial();
    const { verdict, session, checks } = await trial.try(token(good(), { secret: OTHER_SECRET }));
    should(verdict).equal('Refused with 401 token_invalid (wrong signature)');
    should(session).be.undefined();
    should(checks).match({
      Signature: 'made with another key, or the token was changed afterwards: failed',
      Issuer: 'https://login.example.com: not verified',
      Tenant: 'acme, from the claim tenant_id: not verified',
    });
    await editor.screenshot('try-token-wrong-secret', editor.dialog);
  });

  it('tries what was pasted as it was pasted, and says what is wrong with it', async () => {
    const trial = await openTrial();
    for (const [pasted, found] of [
      [`${token(good())}\n`, /a space or a line break/],
      [`Bearer ${token(good())}`, /the word Bearer/],
    ] as const) {
      const { verdict, checks } = await trial.try(pasted);
      should(verdict).equal('Refused with 401 token_invalid (not a well-formed JWT)');
      should(checks.Form).match(found);
    }
  });

  it('judges by the secret that is typed, and forgets its verdict when one is', async () => {
    const trial = await openTrial();
    const jwt = token(good(), { secret: OTHER_SECRET });
    should((await trial.try(jwt)).verdict).match(/^Refused/);
    await typeSecret(OTHER_SECRET);
    should(await trial.verdict.textContent()).equal('');
    should((await trial.tryAgain()).session).eql(SESSION);
    await typeSecret(SECRET);
    should((await trial.tryAgain()).verdict).match(/^Refused/);
  });

  it('judges by what the dialog says, before it is deployed', async () => {
    const trial = await openTrial();
    await type({ tenantClaim: 'org.id', routingScope: 'session' });
    should((await trial.try(token(good()))).verdict).match(/^Refused with 401 tenant_missing/);
    const { session } = await trial.try(token({ ...good(), org: { id: 'umbrella' } }));
    should(session).eql({ ...SESSION, tenantId: 'umbrella', routingScope: 'session' });
  });

  it('says what to correct where the dialog describes no listener', async () => {
    const trial = await openTrial();
    await typeSecret('too short');
    const { verdict, checks } = await trial.try(token(good()));
    should(verdict).match(/^Use a secret of at least 32 bytes/);
    should(checks).eql({});
  });

  it('shows the keys of a key set, or why there are none', async () => {
    const ec = await signer('ES256', 'ec-1');
    const rsa = await signer('RS256', 'rsa-1');
    const endpoint = await JwksServer.start([ec.jwk, rsa.jwk]);
    try {
      const trial = await openTrial();
      await type({ jwtValidation: 'jwks', jwksUri: endpoint.uri });
      const { session, checks } = await trial.try(await ec.sign(good()));
      should(session).eql(SESSION);
      should(checks.Signature).equal('made with the key ec-1 of the key set: passed');
      const cells = editor.page.locator('.websocket-plus-keys tbody td');
      should(await cells.allTextContents()).eql(
        [
          ['ec-1', 'EC', 'ES256', 'sig', 'usable'],
          ['rsa-1', 'RSA', 'RS256', 'sig', 'usable'],
        ].flat(),
      );
      await editor.screenshot('try-token-jwks', editor.dialog);

      endpoint.answer = JwksServer.status(404);
      const refused = await trial.tryAgain();
      should(refused.verdict).equal('Refused with 401 keys_unavailable');
      should(await editor.page.locator('#websocket-plus-explanation').textContent()).match(
        /answered with status 404\./,
      );
      await editor.screenshot('try-token-jwks-failed', editor.dialog);
    } finally {
      await endpoint.stop();
    }
  });

  it('makes a test token that the deployed listener accepts, and shows the address to use it at', async () => {
    const trial = await openTrial();
    const { verdict, session, checks } = await trial.make({
      subject: 'bob',
      tenant: 'umbrella',
      lifetime: '60',
    });
    should(verdict).match(/^Accepted/);
    should(session).eql({ ...SESSION, tenantId: 'umbrella', subject: 'bob' });
    should(checks.Expiry).match(/^expires in (1 minute|\d+ seconds)/);
    await editor.screenshot('make-token', editor.dialog);

    await editor.page.locator('#websocket-plus-copy-token').click();
    const made = await editor.clipboard();
    should(made).equal(await trial.field.inputValue());
    await editor.page.locator('#websocket-plus-copy-made-address').click();
    const address = await editor.clipboard();
    should(address).equal(`${nodeRed.url.replace('http', 'ws')}/ws/tried?token=${made}`);
    await served(address);
  });

  it('says why it makes no test token', async () => {
    const trial = await openTrial();
    should((await trial.make({})).verdict).equal('Enter the tenant that the test token is to name.');
    should((await trial.make({ tenant: 'acme', lifetime: '0' })).verdict).match(/from 1 to 86400/);
    should(await trial.made.isVisible()).be.false();
  });

  it('tries and makes tokens for a listener that was never deployed, which then accepts them', async () => {
    await editor.openDialog('in');
    await editor.page.locator('#node-input-server').selectOption({ value: '_ADD_' });
    await editor.openConfigDialog('node-input-btn-server-add');
    await editor.page.locator('#node-config-input-path').fill('/ws/new');
    await typeSecret(OTHER_SECRET);
    const trial = await TokenTrial.open(editor.page);
    should((await trial.try(token(good(), { secret: OTHER_SECRET }))).session).eql(SESSION);
    should((await trial.try(token(good()))).verdict).equal(
      'Refused with 401 token_invalid (wrong signature)',
    );
    await trial.make({ subject: 'ann', tenant: 'acme' });
    const address = await trial.made.textContent();
    await editor.done();
    await editor.done();
    await editor.openDialog('out');
    await editor.page.locator('#node-input-server').selectOption({ label: '/ws/new' });
    await editor.done();
    await editor.deploy();
    await served(address ?? '');
  });

  it('leaves nothing of a token: in no property, no exported flow, no storage of the browser, no log', async () => {
    const trial = await openTrial();
    const tokens = [
      token(good()),
      token({ ...good(), exp: seconds(-180) }),
      token(good(), { secret: OTHER_SECRET }),
    ];
    for (const jwt of tokens) await trial.try(jwt);
    await trial.make({ subject: 'ann', tenant: 'acme' });
    tokens.push(await trial.field.inputValue());
    await editor.done();
    should(await editor.isDirty()).be.false();

    await editor.openConfigNode('l');
    should(await trial.field.inputValue()).equal('');
    should(await trial.verdict.textContent()).equal('');
    await (await TokenTrial.open(editor.page)).try(tokens[0] ?? '');
    await type({ timeout: '60' });
    await editor.done();
    await editor.deploy();

    const places = {
      node: await editor.evaluate<string>(EVERYTHING_OF('l')),
      exported: await editor.evaluate<string>(
        'JSON.stringify(RED.nodes.createCompleteNodeSet({ credentials: true }))',
      ),
      deployed: JSON.stringify(await nodeRed.json('/flows')),
      browser: await editor.evaluate<string>(
        'JSON.stringify([localStorage, sessionStorage, document.cookie])',
      ),
      log: nodeRed.log,
    };
    should(places.deployed).containEql('"timeout":"60"');
    should(places.log).match(/\[audit\]/);
    for (const [place, text] of Object.entries(places))
      for (const part of tokens.flatMap((jwt) => jwt.split('.')))
        should(text.includes(part)).be.false(`${part} in ${place}`);
  });
});
