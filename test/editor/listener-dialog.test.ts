import should from 'should';
import { CLAIMS, SECRET, seconds, token } from '../support/core/tokens.js';
import { choose, TOO_WIDE } from '../support/editor/dialog-rows.js';
import { editorNodeRed } from '../support/editor/editor-node-red.js';
import { EditorPage } from '../support/editor/editor-page.js';
import { showTab, tabNames } from '../support/editor/tabs.js';
import { TokenTrial } from '../support/editor/token-trial.js';
import type { NodeRedProcess } from '../support/package/node-red-process.js';

const FLOW = [
  { id: 'f', type: 'tab', label: 'Flow' },
  {
    id: 'l',
    type: 'websocket-plus-listener',
    path: '/ws/dialog',
    enforceLimits: true,
    credentials: { jwtSecret: SECRET },
  },
  { id: 'in', type: 'websocket-plus in', z: 'f', x: 150, y: 100, server: 'l', wires: [[]] },
];

const PREFIX = 'node-config-input-';

/** A reference to an environment variable. */
const VARIABLE = '$'.concat('{ENFORCED}');

describe("the listener's dialog", function () {
  this.timeout(240_000); // Node-RED fetches the dependencies

  let nodeRed: NodeRedProcess;
  let editor: EditorPage;

  before(async () => {
    nodeRed = await editorNodeRed();
    await nodeRed.deploy(FLOW);
  });
  beforeEach(async () => {
    editor = await EditorPage.open(nodeRed);
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await editor.screenshot('failed-listener-dialog');
    await editor.close();
  });

  it('shows the address of the path while it is typed, and copies it', async () => {
    const { page } = editor;
    const origin = nodeRed.url.replace('http', 'ws');
    await editor.openConfigNode('l');
    const address = page.locator('#websocket-plus-address');
    const copy = page.locator('#websocket-plus-copy-address');
    const path = page.locator('#node-config-input-path');
    should(await address.textContent()).equal(`${origin}/ws/dialog?token=…`);

    await path.press('End');
    await path.pressSequentially('/é');
    should(await address.textContent()).equal(`${origin}/ws/dialog/%C3%A9?token=…`);
    await copy.click();
    should(await editor.clipboard()).equal(`${origin}/ws/dialog/%C3%A9?token=`);
    await page.locator('.red-ui-popover', { hasText: 'Copied' }).waitFor();

    await path.fill('no leading slash');
    should(await address.textContent()).equal('–');
    should(await copy.isDisabled()).be.true();
    await path.fill('chat');
    await page.locator('#node-config-input-jwtValidation').selectOption('none');
    await copy.click();
    should(await editor.clipboard()).equal(`${origin}/chat`);
  });

  it('generates another secret each time, to be copied until it is changed by hand or the dialog is closed', async () => {
    const { page } = editor;
    await editor.openConfigNode('l');
    const made = page.locator('#websocket-plus-new-secret');
    const field = page.locator('#node-config-input-jwtSecret');
    const secrets = new Set<string>();
    for (let count = 0; count < 2; count += 1) {
      await page.locator('#websocket-plus-generate').click();
      await page.locator('#websocket-plus-copy-secret').click();
      const copied = await editor.clipboard();
      should(Buffer.from(copied, 'base64url').length).equal(32);
      should([await field.inputValue(), await made.textContent()]).eql([copied, copied]);
      secrets.add(copied);
    }
    should(secrets.size).equal(2);
    await field.press('End');
    await field.press('x');
    should(await made.isVisible()).be.false();
    await editor.done();
    await editor.openConfigNode('l');
    should(await made.isVisible()).be.false();
    should(await made.textContent()).equal('');
    await editor.cancel();
  });

  it('leaves a flag that is a variable to be one, until another value is chosen', async () => {
    const flag = editor.page.locator('#node-config-input-enforceLimits');
    await editor.evaluate(`RED.nodes.node('l').enforceLimits = '${VARIABLE}'`);
    await editor.openConfigNode('l');
    should(await flag.inputValue()).equal(VARIABLE);
    await editor.done();
    should(await editor.evaluate("RED.nodes.node('l').enforceLimits")).equal(VARIABLE);

    await editor.openConfigNode('l');
    await choose(editor.dialog, PREFIX, { enforceLimits: 'false' });
    await editor.done();
    should(await editor.evaluate("RED.nodes.node('l').enforceLimits")).equal('false');
    await editor.openConfigNode('l');
    should(await flag.isChecked()).be.false();
    await editor.cancel();
  });

  it('marks the tab in which something is to be corrected, for as long as it is', async () => {
    await editor.openConfigNode('l');
    const marks = editor.dialog.locator('.websocket-plus [role="tab"] .websocket-plus-mark');
    should(await marks.count()).equal(0);
    await choose(editor.dialog, PREFIX, { rateLimit: 'many' });
    await showTab(editor.dialog, 'access');
    should(
      await editor.dialog.getByRole('tab', { name: 'Limits something is to be corrected here' }).count(),
    ).equal(1);
    should(await marks.count()).equal(1);
    await choose(editor.dialog, PREFIX, { path: '' });
    should(await marks.count()).equal(2);
    await choose(editor.dialog, PREFIX, { rateLimit: '5', path: '/ws/dialog' });
    should(await marks.count()).equal(0);
    await editor.cancel();
  });

  for (const [tray, x] of [
    ['narrowest', 1400],
    ['widest', 0],
  ] as const) {
    it(`holds its content without scrolling sideways, in the ${tray} tray that Node-RED has`, async () => {
      const { page } = editor;
      await page.setViewportSize({ width: 1500, height: 2400 }); // all of the dialog in its picture
      await editor.openConfigNode('l');
      const handle = editor.dialog.locator('.red-ui-tray-resize-handle');
      await handle.hover();
      await page.mouse.down();
      await page.mouse.move(x, 300, { steps: 4 });
      await page.mouse.up();
      await page.locator('#websocket-plus-generate').click();
      await choose(editor.dialog, PREFIX, { routingScope: 'global', authExpiry: 'allow' });
      const trial = await TokenTrial.open(page);
      await trial.make({ subject: 'ann', tenant: 'acme' });
      for (const name of await tabNames(editor.dialog)) {
        await showTab(editor.dialog, name);
        await editor.screenshot(`listener-${tray}-${name}`, editor.dialog);
        should(await editor.evaluate(TOO_WIDE)).eql([], name);
      }
    });
  }

  it('is drawn in the dark theme too, where Node-RED has one', async () => {
    await editor.close();
    editor = await EditorPage.open(nodeRed, { theme: 'dark' });
    await editor.page.setViewportSize({ width: 1500, height: 1900 });
    await editor.openConfigNode('l');
    await choose(editor.dialog, PREFIX, { routingScope: 'global' });
    const trial = await TokenTrial.open(editor.page);
    await trial.try(token({ ...CLAIMS, exp: seconds(-60) }));
    const isDark = await editor.evaluate("document.documentElement.classList.contains('nr-theme-dark')");
    for (const name of isDark ? await tabNames(editor.dialog) : []) {
      await showTab(editor.dialog, name);
      await editor.screenshot(`dark-listener-${name}`, editor.dialog);
    }
  });
});
