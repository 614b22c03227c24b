import should from 'should';
import { SocketClient } from '../support/core/socket-client.js';
import { seconds, token } from '../support/core/tokens.js';
import { editorNodeRed } from '../support/editor/editor-node-red.js';
import { EditorPage } from '../support/editor/editor-page.js';
import { installedNodeRed, PACKAGE } from '../support/package/installed-node-red.js';
import type { NodeRedProcess } from '../support/package/node-red-process.js';

describe('the package, from the palette manager to a served connection', function () {
  this.timeout(240_000); // Node-RED fetches the dependencies

  let nodeRed: NodeRedProcess;
  let editor: EditorPage;

  before(async () => {
    nodeRed = await editorNodeRed();
    await nodeRed.deploy([{ id: 'f', type: 'tab', label: 'Flow' }]);
    editor = await EditorPage.open(nodeRed);
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await editor.screenshot('failed-palette');
  });
  after(() => editor.close());

  it('is uploaded with the palette manager, all its nodes enabled', async () => {
    const { answer } = await installedNodeRed();
    const { name, nodes } = answer as { name: string; nodes: { enabled: boolean; err?: string }[] };
    should(name).equal(PACKAGE);
    for (const { enabled, err } of nodes) should({ enabled, err }).eql({ enabled: true, err: undefined });
  });

  it('shows its nodes under their names in the category network', async () => {
    for (const [type, label] of [
      ['websocket-plus in', 'ws.in+'],
      ['websocket-plus out', 'ws.out+'],
      ['websocket-plus event', 'ws.event+'],
      ['websocket-plus control', 'ws.control+'],
    ] as const) {
      const network = editor.page.locator('#red-ui-palette-container-network');
      await network.locator(editor.paletteEntry(type)).waitFor({ state: 'attached' });
      should(await editor.paletteEntry(type).locator('.red-ui-palette-label').textContent()).equal(label);
    }
  });

  it('is wired, configured with the help of its validators, deployed, and serves', async () => {
    const { page } = editor;
    const input = await editor.drop('websocket-plus in', 200, 150);
    const output = await editor.drop('websocket-plus out', 500, 150);
    await editor.wire(input, output);
    should((await editor.flow()).find(({ id }) => id === input)?.wires).eql([[output]]);

    const mark = editor.node(input).locator('.red-ui-flow-node-error');
    await mark.waitFor();
    await editor.openDialog(input);
    await page.locator('#node-input-server-problem').waitFor();
    await editor.screenshot('dialog-in', editor.dialog);

    await editor.openConfigDialog('node-input-btn-server-add');
    await page.locator('#node-config-input-path-problem').waitFor();
    await page.locator('#node-config-input-jwtSecret-problem').waitFor();
    await editor.screenshot('dialog-listener-objects', editor.dialog);
    await page.locator('#node-config-input-path').fill('/debug/ws');
    should(await page.locator('#node-config-input-path-problem').textContent()).match(/belongs to/);
    await page.locator('#node-config-input-path').fill('/ws/first');
    await page.locator('#node-config-input-path-problem').waitFor({ state: 'detached' });
    await page.locator('#node-config-input-jwtSecret').fill('too short');
    should(await page.locator('#node-config-input-jwtSecret-problem').textContent()).match(/32 bytes/);
    await page.locator('#websocket-plus-generate').click();
    await page.locator('#node-config-input-jwtSecret-problem').waitFor({ state: 'detached' });
    const secret = await page.locator('#websocket-plus-new-secret').textContent();
    should(secret).match(/^[\w-]{43}$/);
    await editor.screenshot('dialog-listener', editor.dialog);
    await editor.done();
    await page.locator('#node-input-server-problem').waitFor({ state: 'detached' });
    await editor.done();
    await mark.waitFor({ state: 'hidden' });

    await editor.openDialog(output);
    await page.locator('#node-input-server').selectOption({ label: '/ws/first' });
    await editor.screenshot('dialog-out', editor.dialog);
    await editor.done();
    await editor.deploy();

    const url = `${nodeRed.url.replace('http', 'ws')}/ws/first`;
    should((await SocketClient.refused(url)).status).equal(401);
    const jwt = token({ sub: 'ann', tenant_id: 'acme', exp: seconds(60) }, { secret: secret ?? '' });
    const client = await SocketClient.open(`${url}?token=${jwt}`);
    for (const id of [input, output]) {
      const status = editor.node(id).locator('.red-ui-flow-node-status-group');
      await status.locator('.red-ui-flow-node-status-dot-green').waitFor();
      await status.getByText('connected 1').waitFor();
    }
    client.send('hello');
    should(await client.nextText()).equal('hello');
    await editor.screenshot('connected');
    await client.close();
    await editor.node(input).locator('.red-ui-flow-node-status-ring-grey').waitFor();
  });
});
