import should from 'should';
import { SocketClient } from '../support/core/socket-client.js';
import { SECRET, seconds, token } from '../support/core/tokens.js';
import { editorNodeRed } from '../support/editor/editor-node-red.js';
import { EditorPage } from '../support/editor/editor-page.js';
import { tabNames } from '../support/editor/tabs.js';
import type { NodeRedProcess } from '../support/package/node-red-process.js';

const HEADER = { keyType: 'other', keyValue: 'X-From', valueType: 'other', valueValue: 'test' };
const FLOW = [
  { id: 'f', type: 'tab', label: 'Flow' },
  { id: 'l', type: 'websocket-plus-listener', path: '/ws/keys', credentials: { jwtSecret: SECRET } },
  {
    id: 'c',
    type: 'websocket-plus-client',
    path: 'wss://127.0.0.1:9/ws',
    authMode: 'none',
    headers: [HEADER],
  },
  {
    id: 'i',
    type: 'websocket-plus-issuer',
    keysFrom: 'jwks',
    jwksUri: 'https://login.example.com/.well-known/openid-configuration',
  },
  { id: 'in', type: 'websocket-plus in', z: 'f', x: 150, y: 100, wires: [[]] },
];

/** Something that Tab reaches, by its id or its text, and what a screen reader calls it. */
interface Stop {
  readonly id: string;
  readonly name: string;
}

/** In the page: a Stop for an element. */
const STOP = `(element) => ({
  id: element.id || element.textContent.trim() || element.className,
  name: (element.getAttribute('aria-label') || element.labels?.[0]?.textContent || element.title || element.textContent).trim(),
})`;

/** What a person can operate in the form of the dialog on top, in the order in which it stands there. */
const OPERABLE = `$('.red-ui-tray').last().find('.websocket-plus').find('input, select, textarea, button, summary, a').get()
  .filter((element) => element.checkVisibility({ visibilityProperty: true }) && !element.disabled && element.ariaDisabled !== 'true')
  .filter((element) => element.tabIndex === 0).map(${STOP})`;

/** The one that has the focus, unless that is elsewhere. */
const FOCUSED = `[document.activeElement].filter((element) => element.closest('.websocket-plus')).map(${STOP})[0] ?? null`;

describe('dialogs with the keyboard only', function () {
  this.timeout(240_000); // Node-RED fetches the dependencies

  let nodeRed: NodeRedProcess;
  let editor: EditorPage;

  before(async () => {
    nodeRed = await editorNodeRed();
  });
  beforeEach(async () => {
    await nodeRed.deploy(FLOW);
    editor = await EditorPage.open(nodeRed);
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await editor.screenshot('failed-keyboard');
    await editor.close();
  });

  function press(...keys: string[]): Promise<void> {
    return keys.reduce(
      (before, key) => before.then(() => editor.page.keyboard.press(key)),
      Promise.resolve(),
    );
  }

  function focused(): Promise<Stop | null> {
    return editor.evaluate(FOCUSED);
  }

  /** Presses Tab until the focus is there. */
  async function tabTo(id: string): Promise<void> {
    for (let presses = 0; presses < 50; presses += 1) {
      if ((await editor.evaluate('document.activeElement.id')) === id) return;
      await press('Tab');
    }
    throw new Error(`Tab does not reach ${id}`);
  }

  /** All that Tab reaches from where the focus is until it leaves the form; what can be unfolded is, on the way. */
  async function stops(): Promise<Stop[]> {
    const reached: Stop[] = [];
    for (let stop = await focused(); stop !== null; stop = await focused()) {
      reached.push(stop);
      if (await editor.evaluate("document.activeElement.matches('details:not([open]) > summary')"))
        await press('Enter');
      await press('Tab');
    }
    return reached;
  }

  for (const [id, tabs] of [
    [
      'l',
      {
        access: ['node-config-input-path', 'websocket-plus-generate'],
        limits: ['node-config-input-authExpiry', 'node-config-input-cluster'],
        trial: ['websocket-plus-try', 'websocket-plus-make'],
      },
    ],
    [
      'c',
      {
        connection: ['node-config-input-tls', 'node-config-input-subprotocol'],
        authentication: ['node-config-input-authMode'],
        advanced: ['node-config-input-hb-cb'],
      },
    ],
    [
      'i',
      {
        issuer: ['node-config-input-keysFrom', 'websocket-plus-use-discovery', 'websocket-plus-fetch'],
        tokens: ['node-config-input-audience', 'node-config-input-tenants'],
        trial: ['websocket-plus-trial-claim', 'websocket-plus-try'],
      },
    ],
  ] as const) {
    it(`Tab reaches all there is to operate in the dialog of ${id}, in its order, and all has a name`, async () => {
      await editor.openConfigNode(id);
      should(await tabNames(editor.dialog)).eql(Object.keys(tabs));
      for (const [tab, some] of Object.entries(tabs)) {
        await editor.page.locator(`#websocket-plus-tab-${tab}-label`).focus();
        await press(' ');
        const reached = await stops();
        should(reached).eql(await editor.evaluate(OPERABLE));
        should(reached.map(({ id }) => id)).containDeep([`websocket-plus-tab-${tab}-label`, ...some]);
        should(reached.filter(({ name }) => name === '')).eql([]);
      }
    });
  }

  it('the arrows, Home and End show the tabs of a dialog, and only the one that is shown is reached with Tab', async () => {
    await editor.openConfigNode('l');
    await tabTo('websocket-plus-tab-access-label');
    for (const [key, tab] of [
      ['ArrowRight', 'limits'],
      ['ArrowRight', 'trial'],
      ['ArrowRight', 'access'],
      ['ArrowLeft', 'trial'],
      ['Home', 'access'],
      ['End', 'trial'],
    ] as const) {
      await press(key);
      should((await focused())?.id).equal(`websocket-plus-tab-${tab}-label`);
      const selected = editor.page.locator('.websocket-plus [role="tab"][aria-selected="true"]');
      should(await selected.evaluateAll(ids)).eql([`websocket-plus-tab-${tab}-label`]);
      const panels = editor.page.locator('.websocket-plus [role="tabpanel"]:visible');
      should(await panels.evaluateAll(ids)).eql([`websocket-plus-tab-${tab}`]);
    }
  });

  it('a listener is made, with a generated secret, and deployed', async () => {
    const { page } = editor;
    await page.locator('#red-ui-workspace-chart').focus();
    await press('Control+a', 'Enter');
    await page.locator('#node-dialog-ok').waitFor();
    await tabTo('node-input-btn-server-add');
    await press('Enter');
    await editor.configDialogOpened();

    await tabTo('node-config-input-path');
    await page.keyboard.type('/ws/typed');
    await tabTo('websocket-plus-generate');
    await press('Enter');
    should((await focused())?.id).equal('websocket-plus-copy-secret');
    await press('Enter');
    const secret = await editor.clipboard();
    should(secret).match(/^[\w-]{43}$/);
    should((await focused())?.id).equal('websocket-plus-copy-secret');
    await press('Control+Enter');
    await page.locator('#node-config-dialog-ok').waitFor({ state: 'detached' });
    await press('Control+Enter');
    await page.locator('#node-dialog-ok').waitFor({ state: 'detached' });
    const started = nodeRed.logged(/Started (?:modified )?(?:flows|nodes)/, nodeRed.log.length);
    await press('Control+d');
    await started;

    const jwt = token({ sub: 'ann', tenant_id: 'acme', exp: seconds(60) }, { secret });
    const client = await SocketClient.open(`${nodeRed.url.replace('http', 'ws')}/ws/typed?token=${jwt}`);
    await client.close();
  });

  it('a token is tried', async () => {
    const { page } = editor;
    await editor.openConfigNode('l');
    await tabTo('websocket-plus-tab-access-label');
    await press('End');
    await tabTo('websocket-plus-trial-token');
    await page.keyboard.insertText(token());
    await tabTo('websocket-plus-try');
    await press('Enter');
    await page.locator('#websocket-plus-verdict.websocket-plus-passed').waitFor();
    should((await focused())?.id).equal('websocket-plus-try');
  });
});

/** Runs in the page. */
function ids(elements: readonly { readonly id: string }[]): string[] {
  return elements.map(({ id }) => id);
}
