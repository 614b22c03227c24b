import should from 'should';
import { CLUSTER_SCHEMA } from '../../src/config/cluster-schema.js';
import { ISSUER_SCHEMA } from '../../src/config/issuer-schema.js';
import { LISTENER_SCHEMA } from '../../src/config/listener-schema.js';
import { token } from '../support/core/tokens.js';
import { alwaysShown, type Choices, choose, shownRows } from '../support/editor/dialog-rows.js';
import { editorNodeRed } from '../support/editor/editor-node-red.js';
import { EditorPage } from '../support/editor/editor-page.js';
import { reveal, showTab } from '../support/editor/tabs.js';
import type { NodeRedProcess } from '../support/package/node-red-process.js';

const FLOW = [
  { id: 'f', type: 'tab', label: 'Flow' },
  { id: 'l', type: 'websocket-plus-listener', path: '/ws/rows', enforceLimits: true },
  { id: 'i', type: 'websocket-plus-issuer', issuer: 'https://login.example.com' },
  { id: 's', type: 'websocket-plus-issuer', issuer: 'https://shared', keysFrom: 'secret' },
  { id: 'c', type: 'websocket-plus-client', path: 'ws://127.0.0.1:9/ws' },
  { id: 'in', type: 'websocket-plus in', z: 'f', x: 150, y: 100, server: 'l', wires: [[]] },
  { id: 'out', type: 'websocket-plus out', z: 'f', x: 400, y: 100, server: 'l', wires: [] },
  { id: 'k', type: 'websocket-plus-cluster', broker: 'b', prefix: 'wsp' },
  { id: 'b', type: 'mqtt-broker', broker: '127.0.0.1', port: '1883' },
  { id: 'lk', type: 'websocket-plus-listener', path: '/ws/many', cluster: 'k' },
  { id: 'outk', type: 'websocket-plus out', z: 'f', x: 400, y: 200, server: 'lk', wires: [] },
  { id: 'event', type: 'websocket-plus event', z: 'f', x: 150, y: 300, server: 'l', wires: [[]] },
  { id: 'control', type: 'websocket-plus control', z: 'f', x: 400, y: 300, server: 'l', wires: [[]] },
  { id: 'new', type: 'websocket-plus in', z: 'f', x: 150, y: 200, wires: [[]] },
];

/** A reference to an environment variable. */
const VARIABLE = '$'.concat('{NAME}');

/** What a person chooses, the rows that come and go with it, and the beginnings of the warnings. */
interface Case {
  readonly choices: Choices;
  readonly rows: string;
  readonly warnings?: readonly string[];
}

const LISTENER: readonly Case[] = [
  {
    choices: {},
    rows: 'jwtSecret jwtSecretEncoding jwtIssuer jwtAudience clockTolerance tokenSources tenantClaim sessionClaims authExpiry',
  },
  {
    choices: { jwtValidation: 'jwks', jwksUri: 'https://login.example.com/jwks.json' },
    rows: 'jwksUri jwtIssuer jwtAudience clockTolerance tokenSources tenantClaim sessionClaims authExpiry',
  },
  {
    choices: { jwtValidation: 'jwks', jwksUri: 'http://login.example.com/jwks.json' },
    rows: 'jwksUri jwtIssuer jwtAudience clockTolerance tokenSources tenantClaim sessionClaims authExpiry',
    warnings: ['The keys are fetched without encryption'],
  },
  {
    choices: { jwtValidation: 'jwks', jwksUri: 'http://127.0.0.1/jwks.json' },
    rows: 'jwksUri jwtIssuer jwtAudience clockTolerance tokenSources tenantClaim sessionClaims authExpiry',
  },
  {
    choices: { jwtValidation: 'issuers' },
    rows: 'issuer issuer2 issuer3 issuer4 tokenSources tenantClaim sessionClaims authExpiry',
  },
  {
    choices: { jwtValidation: 'function', verifyFunction: 'stations' },
    rows: 'verifyFunction tokenSources sessionClaims authExpiry',
  },
  {
    choices: { jwtValidation: 'function', verifyFunction: 'stations', tenantFrom: 'static' },
    rows: 'verifyFunction tokenSources tenantId sessionClaims authExpiry',
  },
  { choices: { jwtValidation: 'none' }, rows: '', warnings: ['Anybody who reaches this address'] },
  {
    choices: { jwtValidation: 'none', tenantFrom: 'static' },
    rows: 'tenantId',
    warnings: ['Anybody who reaches this address'],
  },
  {
    choices: { tenantFrom: 'static' },
    rows: 'jwtSecret jwtSecretEncoding jwtIssuer jwtAudience clockTolerance tokenSources tenantId sessionClaims authExpiry',
  },
  {
    choices: { tokenSources: 'header' },
    rows: 'jwtSecret jwtSecretEncoding jwtIssuer jwtAudience clockTolerance tokenSources tokenHeader tenantClaim sessionClaims authExpiry',
  },
  {
    choices: { tokenSources: 'cookie', origins: 'same' },
    rows: 'jwtSecret jwtSecretEncoding jwtIssuer jwtAudience clockTolerance tokenSources tokenCookie tenantClaim sessionClaims authExpiry',
  },
  {
    choices: { maxConnectionsPerSubject: '1' },
    rows: 'jwtSecret jwtSecretEncoding jwtIssuer jwtAudience clockTolerance tokenSources tenantClaim sessionClaims authExpiry whenFull',
  },
  {
    choices: { routingScope: 'global' },
    rows: 'jwtSecret jwtSecretEncoding jwtIssuer jwtAudience clockTolerance tokenSources tenantClaim sessionClaims authExpiry',
    warnings: ['Every message goes to all connections'],
  },
  {
    choices: { authExpiry: 'allow' },
    rows: 'jwtSecret jwtSecretEncoding jwtIssuer jwtAudience clockTolerance tokenSources tenantClaim sessionClaims authExpiry',
    warnings: ['A connection outlives its token'],
  },
  {
    choices: { authExpiry: 'allow', jwtValidation: 'none', routingScope: 'global' },
    rows: '',
    warnings: ['Anybody who reaches this address', 'Every message goes to all connections'],
  },
];

const LISTENER_ALWAYS = alwaysShown(LISTENER_SCHEMA);

const ISSUER: readonly Case[] = [
  { choices: {}, rows: 'discoveryUrl keysAuthorization tls' },
  {
    choices: { issuer: 'http://login.example.com' },
    rows: 'discoveryUrl keysAuthorization tls',
    warnings: ['The keys are fetched without encryption'],
  },
  {
    choices: { keysFrom: 'jwks', jwksUri: 'https://login.example.com/keys' },
    rows: 'jwksUri keysAuthorization tls',
  },
  {
    choices: { keysFrom: 'jwks', jwksUri: 'https://login.example.com/.well-known/openid-configuration' },
    rows: 'jwksUri keysAuthorization tls',
    warnings: ['This is the address of an issuer’s description'],
  },
  { choices: { keysFrom: 'static' }, rows: 'publicKey' },
  { choices: { keysFrom: 'secret' }, rows: 'secret secretEncoding previousSecret previousUntil' },
  { choices: { keysFrom: 'function' }, rows: 'keysFunction' },
  {
    choices: { keysFrom: 'static', requireExpiry: 'false' },
    rows: 'publicKey',
    warnings: ['A token without exp never expires'],
  },
];

/** What claims have to be is a list, and has no field that a label could be for. */
const ISSUER_ALWAYS = alwaysShown(ISSUER_SCHEMA).replace(' claims', '');

const CLIENT: readonly Case[] = [
  { choices: {}, rows: 'jwt tokenPlacement maxBackoff' },
  { choices: { path: 'wss://example.com/ws' }, rows: 'tls jwt tokenPlacement maxBackoff' },
  { choices: { path: 'WSS://example.com/ws' }, rows: 'tls jwt tokenPlacement maxBackoff' },
  { choices: { path: VARIABLE }, rows: 'tls jwt tokenPlacement maxBackoff' },
  {
    choices: { path: 'ws://example.com/ws' },
    rows: 'jwt tokenPlacement maxBackoff',
    warnings: ['The token crosses the network'],
  },
  {
    choices: { path: 'ws://example.com/ws', tokenPlacement: 'header' },
    rows: 'jwt tokenPlacement maxBackoff',
  },
  { choices: { authMode: 'none' }, rows: 'maxBackoff' },
  { choices: { authMode: 'value' }, rows: 'tokenValue tokenPlacement maxBackoff' },
  {
    choices: { authMode: 'oauth2' },
    rows: 'tls tokenUrl clientId clientSecret clientAuth scope audience tokenPlacement renew maxBackoff',
  },
  {
    choices: { authMode: 'oauth2', tokenPlacement: 'message' },
    rows: 'tls tokenUrl clientId clientSecret clientAuth scope audience tokenPlacement maxBackoff',
  },
  { choices: { authMode: 'none', queue: '10' }, rows: 'queueSeconds maxBackoff' },
  { choices: { authMode: 'none', reconnect: 'false' }, rows: '' },
];

const CLIENT_ALWAYS =
  'name path subprotocol wholemsg authMode queue hb-cb reconnect handshakeTimeout maxPayload';

const ATTACHED: readonly Case[] = [
  { choices: { mode: 'server' }, rows: 'server' },
  { choices: { mode: 'client' }, rows: 'client' },
];

const OUT: readonly Case[] = [
  { choices: { mode: 'server' }, rows: 'server scope skipSender' },
  { choices: { mode: 'server', scope: 'session' }, rows: 'server scope' },
  { choices: { mode: 'server', scope: 'tenant' }, rows: 'server scope skipSender' },
  { choices: { mode: 'client' }, rows: 'client' },
];

const ALWAYS = {
  in: 'mode name',
  out: 'mode name',
  new: 'mode name',
  event: 'mode name events',
  control: 'mode name action',
};

describe('rows of a dialog', function () {
  this.timeout(240_000); // Node-RED fetches the dependencies

  let nodeRed: NodeRedProcess;
  let editor: EditorPage;

  before(async () => {
    nodeRed = await editorNodeRed();
    await nodeRed.deploy(FLOW);
    editor = await EditorPage.open(nodeRed);
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await editor.screenshot('failed-rows');
    await editor.cancel();
  });
  after(() => editor.close());

  async function check(
    { choices, rows, warnings = [] }: Case,
    prefix: string,
    always: string,
  ): Promise<void> {
    await choose(editor.dialog, prefix, choices);
    const shown = await shownRows(editor.dialog, prefix);
    should([...shown.rows].sort()).eql(`${always} ${rows}`.trim().split(' ').sort());
    should(shown.warnings.length).equal(warnings.length, shown.warnings.join());
    warnings.forEach((warning, index) => {
      should(shown.warnings[index]).startWith(warning);
    });
    should(shown.tooWide).eql([]);
  }

  for (const row of LISTENER) {
    it(`the listener, ${described(row)}`, async () => {
      await editor.openConfigNode('l');
      await check(row, 'node-config-input-', LISTENER_ALWAYS);
      if (row.warnings !== undefined)
        await editor.screenshot(`warnings-${LISTENER.indexOf(row)}`, editor.dialog);
    });
  }

  it('the listener, before it is known which validation a variable names', async () => {
    await editor.evaluate(`RED.nodes.node('l').jwtValidation = '${VARIABLE}'`);
    await editor.openConfigNode('l');
    const rows =
      'jwtSecret jwtSecretEncoding jwksUri jwtIssuer jwtAudience clockTolerance issuer issuer2 issuer3 issuer4 verifyFunction tokenSources tenantClaim sessionClaims authExpiry';
    await check({ choices: {}, rows }, 'node-config-input-', LISTENER_ALWAYS);
  });

  it('the listener, back from a key set to a secret: no more is warned of', async () => {
    await editor.openConfigNode('l');
    await choose(editor.dialog, 'node-config-input-', {
      jwtValidation: 'jwks',
      jwksUri: 'http://example.com',
    });
    const rows =
      'jwtSecret jwtSecretEncoding jwtIssuer jwtAudience clockTolerance tokenSources tenantClaim sessionClaims authExpiry';
    await check({ choices: { jwtValidation: 'hs256' }, rows }, 'node-config-input-', LISTENER_ALWAYS);
  });

  it('the listener tries tokens where it takes any, and makes them where it has the secret', async () => {
    await editor.openConfigNode('l');
    const trial = editor.page.locator('#websocket-plus-trial');
    const make = trial.locator('.websocket-plus-make');
    const instead = editor.page.locator('#websocket-plus-tab-trial > .websocket-plus-note:visible');
    for (const [choices, tries, makes] of [
      [{ jwtValidation: 'hs256' }, true, true],
      [{ jwtValidation: 'jwks' }, true, false],
      [{ jwtValidation: 'issuers', issuer: 'i' }, true, false],
      [{ jwtValidation: 'issuers', issuer2: 's' }, true, true],
      [{ jwtValidation: 'function' }, false, false],
      [{ jwtValidation: 'none' }, false, false],
    ] as const) {
      await choose(editor.dialog, 'node-config-input-', choices);
      await showTab(editor.dialog, 'trial');
      const what = JSON.stringify(choices);
      should([await trial.isVisible(), await make.isVisible()]).eql([tries, makes], what);
      should(await instead.isVisible()).equal(!tries, what);
    }
  });

  it('the listener tries an origin where not any may connect, also where it looks at no token', async () => {
    await editor.openConfigNode('l');
    const [origin, token] = ['origin', 'token'].map((name) =>
      editor.page.locator(`#websocket-plus-trial-${name}`),
    );
    for (const [choices, visible] of [
      [{}, [false, true]],
      [{ origins: 'same' }, [true, true]],
      [{ jwtValidation: 'none' }, [true, false]],
    ] as const) {
      await choose(editor.dialog, 'node-config-input-', choices);
      await showTab(editor.dialog, 'trial');
      should([await origin?.isVisible(), await token?.isVisible()]).eql(visible);
    }
  });

  for (const row of ISSUER) {
    it(`the issuer, ${described(row)}`, async () => {
      await editor.openConfigNode('i');
      await check(row, 'node-config-input-', ISSUER_ALWAYS);
      if (row.warnings !== undefined)
        await editor.screenshot(`issuer-warnings-${ISSUER.indexOf(row)}`, editor.dialog);
    });
  }

  it('the issuer fetches keys where they are somewhere, and makes tokens where it has the secret', async () => {
    await editor.openConfigNode('i');
    const fetch = editor.page.locator('#websocket-plus-fetch');
    const make = editor.page.locator('#websocket-plus-trial .websocket-plus-make');
    for (const [keysFrom, fetches, makes] of [
      ['discovery', true, false],
      ['jwks', true, false],
      ['static', false, false],
      ['secret', false, true],
      ['function', false, false],
    ] as const) {
      await choose(editor.dialog, 'node-config-input-', { keysFrom });
      should(await fetch.isVisible()).equal(fetches, keysFrom);
      await showTab(editor.dialog, 'trial');
      should(await make.isVisible()).equal(makes, keysFrom);
    }
  });

  for (const row of CLIENT) {
    it(`the client, ${described(row)}`, async () => {
      await editor.openConfigNode('c');
      await check(row, 'node-config-input-', CLIENT_ALWAYS);
    });
  }

  it('the client says what is around its token, in the words of a trial', async () => {
    await editor.openConfigNode('c');
    const field = editor.page.locator('#node-config-input-jwt');
    await reveal(editor.dialog, field);
    const hints = editor.page.locator('[data-when^="token-"].websocket-plus-hint:visible');
    for (const [typed, hint] of [
      [`Bearer ${token()}`, /^the word Bearer stands in front/],
      [`"${token()}"`, /^there are quotation marks/],
      [`${token()} x`, /^there is a space/],
    ] as const) {
      await field.fill(typed);
      should((await hints.allTextContents()).join('|')).match(hint);
      should(await hints.count()).equal(1);
    }
    for (const typed of [token(), ` ${token()} `, 'an-opaque-one', '']) {
      await field.fill(typed);
      should(await hints.count()).equal(0, typed);
    }
  });

  it('the client asks for the seconds once heartbeats are ticked', async () => {
    await editor.openConfigNode('c');
    const period = editor.page.locator('#node-config-input-hb');
    await reveal(editor.dialog, period);
    should(await period.isVisible()).be.false();
    await choose(editor.dialog, 'node-config-input-', { 'hb-cb': 'true' });
    should(await period.isVisible()).be.true();
  });

  for (const [id, what] of [
    ['in', 'ws.in+'],
    ['out', 'ws.out+'],
    ['new', 'a new ws.in+'],
    ['event', 'ws.event+'],
    ['control', 'ws.control+'],
  ] as const) {
    for (const row of id === 'out' ? OUT : ATTACHED) {
      it(`${what}, ${described(row)}`, async () => {
        await editor.openDialog(id);
        await check(row, 'node-input-', ALWAYS[id]);
      });
    }
  }

  for (const row of [
    { choices: { mode: 'server' }, rows: 'server scope skipSender localOnly' },
    { choices: { mode: 'client' }, rows: 'client' },
  ]) {
    it(`ws.out+ of a listener in a cluster, ${described(row)}`, async () => {
      await editor.openDialog('outk');
      await check(row, 'node-input-', ALWAYS.out);
    });
  }

  it('the cluster has all its rows, and Generate makes a secret that is long enough', async () => {
    await editor.openConfigNode('k');
    await check({ choices: {}, rows: '' }, 'node-config-input-', alwaysShown(CLUSTER_SCHEMA));
    await editor.page.locator('#websocket-plus-cluster-generate').click();
    const made = await editor.page.locator('#websocket-plus-cluster-new-secret').innerText();
    should(Buffer.from(made, 'base64url')).have.length(32);
    should(await editor.page.locator('#node-config-input-secret').inputValue()).equal(made);
    await editor.screenshot('cluster', editor.dialog);
  });

  for (const [id, field, mode, expected] of [
    ['event', 'events', 'server', 'connect disconnect refused expiring renewed'],
    ['event', 'events', 'client', 'connect disconnect failed'],
    ['control', 'action', 'server', 'list count disconnect revoke restore revocations address msg'],
    ['control', 'action', 'client', 'connect close msg'],
  ] as const) {
    it(`ws.${id}+ offers what a ${mode} has: ${expected}`, async () => {
      await editor.openDialog(id);
      await choose(editor.dialog, 'node-input-', { mode });
      const offered = await editor.evaluate<string[]>(
        `$('#node-input-${field} option').get().filter(({ hidden }) => !hidden).map(({ value }) => value)`,
      );
      should(offered.join(' ')).equal(expected);
    });
  }

  it('ws.out+ marks a scope that is wider than that of its listener', async () => {
    await editor.evaluate("RED.nodes.node('l').routingScope = 'session'");
    await editor.openDialog('out');
    const problem = editor.page.locator('#node-input-scope-problem');
    should(await problem.count()).equal(0);
    await choose(editor.dialog, 'node-input-', { scope: 'tenant' });
    should(await problem.textContent()).match(/no wider than that of the listener/);
    await choose(editor.dialog, 'node-input-', { scope: 'session' });
    should(await problem.count()).equal(0);
    await editor.evaluate("RED.nodes.node('l').routingScope = 'tenant'");
  });

  it('ws.control+ marks an action that a client cannot take', async () => {
    await editor.openDialog('control');
    const problem = editor.page.locator('#node-input-action-problem');
    should(await problem.count()).equal(0);
    await choose(editor.dialog, 'node-input-', { mode: 'client' });
    should(await problem.textContent()).match(/Choose an action/);
  });

  it('the listener says that limits are only notes where they are not enforced', async () => {
    await editor.openConfigNode('l');
    const hint = editor.page.locator('.websocket-plus-hint[data-when="unenforced"]');
    should(await hint.isVisible()).be.false();
    await choose(editor.dialog, 'node-config-input-', { enforceLimits: 'false' });
    should(await hint.isVisible()).be.false();
    await choose(editor.dialog, 'node-config-input-', { rateLimit: '5' });
    should(await hint.isVisible()).be.true();
  });
});

/** The name of a case. */
function described({ choices, rows, warnings = [] }: Case): string {
  const chosen = Object.entries(choices).map(([name, value]) => `${name}: ${value}`);
  const warned = warnings.length === 0 ? '' : `, and ${warnings.length} warned of`;
  return `${chosen.join(', ') || 'as it is new'}: ${rows || 'nothing more'}${warned}`;
}
