import should from 'should';
import { Broker } from '../support/cluster/broker.js';
import { CLUSTER_SECRET, Instance } from '../support/cluster/instance.js';
import { freePort } from '../support/cluster/mosquitto.js';
import { AXE, violations } from '../support/editor/axe.js';
import { editorNodeRed } from '../support/editor/editor-node-red.js';
import { EditorPage, type EditorSettings } from '../support/editor/editor-page.js';
import { LiveTab } from '../support/editor/live-tab.js';
import type { FlowNode, NodeRedProcess } from '../support/package/node-red-process.js';

/** A listener in a cluster over a broker, and a cluster whose broker is not there. */
function flow({ node }: Broker, nowhere: number): FlowNode[] {
  const listener = { jwtValidation: 'none', routingScope: 'session' };
  return [
    { id: 'f', type: 'tab', label: 'Flow' },
    { id: 'broker', type: 'mqtt-broker', ...node, protocolVersion: '4' },
    { id: 'away', type: 'mqtt-broker', broker: '127.0.0.1', port: String(nowhere), protocolVersion: '4' },
    cluster('k', 'gateways', 'broker'),
    cluster('k2', '', 'away'),
    { id: 'l', type: 'websocket-plus-listener', path: '/ws', ...listener, cluster: 'k' },
  ];
}

function cluster(id: string, name: string, broker: string): FlowNode {
  const credentials = { secret: CLUSTER_SECRET };
  return { id, type: 'websocket-plus-cluster', name, broker, prefix: 'wsp', credentials };
}

describe('the tab WebSocket connections, of a cluster', function () {
  this.timeout(240_000); // Node-RED fetches the dependencies

  let nodeRed: NodeRedProcess;
  let broker: Broker;
  let other: Instance;
  let editor: EditorPage;
  let tab: LiveTab;

  before(async () => {
    nodeRed = await editorNodeRed();
    broker = await Broker.start();
    const properties = { jwtValidation: 'none', routingScope: 'session' };
    const timing = { beatMs: 500, unheardMs: 6000, expireMs: 8000, returnMs: 17_000 };
    other = await Instance.start(broker.settings, { properties, timing });
    await nodeRed.deploy(flow(broker, await freePort()));
    await other.knows(1);
    await other.server.connect();
  });
  after(async () => {
    await nodeRed.deploy([]);
    await other.stop();
    await broker.stop();
  });
  afterEach(() => editor.close());

  async function open(settings: EditorSettings = {}): Promise<void> {
    editor = await EditorPage.open(nodeRed, settings);
    tab = new LiveTab(editor);
    await tab.show();
    await tab.element.locator('.websocket-plus-everywhere', { hasText: '/ 1' }).waitFor();
  }

  it('names the other instances and their connections, and says what is wrong in words', async () => {
    await open();
    const sections = tab.element.locator('.websocket-plus-clusters > section');
    should(await sections.count()).equal(2);
    should(await sections.nth(0).locator('h4').textContent()).equal('gateways');
    should(await sections.nth(0).locator('tbody tr').allTextContents()).eql(['elsewhere2.1.01']);
    should(await sections.nth(0).locator('p').isVisible()).be.false();
    should(await sections.nth(1).locator('h4').textContent()).equal('Cluster');
    should(await sections.nth(1).locator('p').textContent()).match(
      /^other instances out of reach since .*: ECONNREFUSED$/,
    );
    should(await sections.nth(1).locator('table').isVisible()).be.false();
    should(await tab.element.locator('.websocket-plus-count > span').getAttribute('title')).equal(
      '0 here, 1 on all instances',
    );
  });

  it('says the same in the dialog of the cluster', async () => {
    await open();
    await editor.openConfigNode('k');
    const state = editor.page.locator('#websocket-plus-cluster-state');
    await state.locator('tbody tr').waitFor();
    should(await state.locator('h4').textContent()).equal('gateways');
    should(await state.locator('tbody tr').allTextContents()).eql(['elsewhere2.1.01']);
    await editor.evaluate(`void ${AXE}`);
    should(await violations(editor, '#websocket-plus-cluster-state')).eql([]);
    await editor.screenshot('cluster-dialog');
    await editor.cancel();
  });

  for (const settings of [{}, { language: 'de', theme: 'dark' }, { language: 'ja' }] as const) {
    it(`fits and is accessible: ${JSON.stringify(settings)}`, async () => {
      await open(settings);
      await editor.evaluate(`void ${AXE}`);
      should(await violations(editor, '.websocket-plus-live')).eql([]);
      await editor.screenshot(`live-cluster-${JSON.stringify(settings).replace(/\W+/g, '-')}`);
      for (const width of [180, 800]) {
        await tab.resize(width);
        should(await tab.tooWide()).eql([], String(width));
      }
    });
  }
});
