import should from 'should';
import { editorNodeRed } from '../support/editor/editor-node-red.js';
import { EditorPage } from '../support/editor/editor-page.js';
import type { FlowNode } from '../support/package/node-red-process.js';

const FLOW: readonly FlowNode[] = [
  { id: 'f', type: 'tab', label: 'Flow' },
  { id: 'g', type: 'tab', label: 'Other' },
  { id: 'old', type: 'websocket-plus in', z: 'f', x: 150, y: 300, wires: [[]] },
];
const LISTENER: FlowNode = {
  id: 'l',
  type: 'websocket-plus-listener',
  path: '/ws/only',
  jwtValidation: 'none',
};
const CLIENT: FlowNode = {
  id: 'c',
  type: 'websocket-plus-client',
  path: 'ws://127.0.0.1:9/ws',
  authMode: 'none',
};

/** In the page: takes away what is not deployed. */
const REMOVE_NEW = `RED.nodes.createCompleteNodeSet().map(({ id }) => id)
  .filter((id) => !RED.nodes.originalFlow().some((deployed) => deployed.id === id))
  .forEach((id) => RED.nodes.remove(id)), RED.view.redraw(true)`;

describe('a new ws.in+ or ws.out+', function () {
  this.timeout(240_000); // Node-RED fetches the dependencies

  let editor: EditorPage;

  before(async () => {
    const nodeRed = await editorNodeRed();
    await nodeRed.deploy(FLOW);
    editor = await EditorPage.open(nodeRed);
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await editor.screenshot('failed-new-node');
    await editor.evaluate(REMOVE_NEW);
  });
  after(() => editor.close());

  function add(...configs: readonly FlowNode[]): Promise<void> {
    return editor.evaluate(`void RED.nodes.import(${JSON.stringify(configs)})`);
  }

  /** Drops a node. @returns the listener that it has then */
  async function dropped(type = 'websocket-plus in'): Promise<unknown> {
    const id = await editor.drop(type, 300, 150);
    return (await editor.flow()).find((node) => node.id === id)?.server;
  }

  for (const type of ['websocket-plus in', 'websocket-plus out']) {
    it(`takes the only listener there is: ${type}`, async () => {
      await add(LISTENER, { id: 'b', type: 'websocket-listener', path: '/ws/built-in', wholemsg: 'false' });
      const id = await editor.drop(type, 300, 150);
      should((await editor.flow()).find((node) => node.id === id)).containEql({ server: 'l', client: '' });
      should(await editor.evaluate(`RED.nodes.node('${id}').valid`)).be.true();
      should(await editor.evaluate("RED.nodes.node('l').users.map(({ id }) => id)")).eql([id]);
    });
  }

  for (const [what, ...configs] of [
    ['of several listeners', LISTENER, { ...LISTENER, id: 'm', path: '/ws/other' }],
    ['where there is a client as well', LISTENER, CLIENT],
    ['that is disabled', { ...LISTENER, d: true }],
    ['where there is none', CLIENT],
  ] as const) {
    it(`takes no listener ${what}`, async () => {
      await add(...configs);
      should(await dropped()).equal('');
    });
  }

  it('takes no listener of another flow', async () => {
    await add(LISTENER);
    await editor.evaluate("RED.nodes.node('l').z = 'g'"); // an import puts it into the flow that is shown
    should(await dropped()).equal('');
  });

  it('is offered in its dialog the listener that was made after it', async () => {
    const id = await editor.drop('websocket-plus in', 300, 150);
    await add(LISTENER);
    await editor.openDialog(id);
    should(await editor.page.locator('#node-input-server').inputValue()).equal('l');
    should(await editor.page.locator('#node-input-server-problem').count()).equal(0);
    await editor.done();
    should((await editor.flow()).find((node) => node.id === id)).containEql({ server: 'l', client: '' });
  });

  it('is new no more once it is deployed: no dialog changes it behind its user', async () => {
    await add(LISTENER);
    await editor.openDialog('old');
    should(await editor.page.locator('#node-input-server').inputValue()).equal('_ADD_');
    await editor.cancel();
  });
});
