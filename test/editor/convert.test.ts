import should from 'should';
import { counterpart } from '../../nodes/convert/counterpart.js';
import { SocketClient } from '../support/core/socket-client.js';
import { editorNodeRed } from '../support/editor/editor-node-red.js';
import { EditorPage } from '../support/editor/editor-page.js';
import type { FlowNode, NodeRedProcess } from '../support/package/node-red-process.js';

const LABEL = 'Convert WebSocket nodes to websocket-plus';
const BUILT_IN = /^websocket( in| out|-listener|-client)$/;

function node(id: string, type: string, properties: Record<string, unknown> = {}): FlowNode {
  return { id, type, z: 'f', name: '', x: 200, y: 100, wires: [], ...properties };
}

/** Everything that conversion must not lose: groups, wires across subflow ports, watchers, places, order. */
function flows(peer: string): FlowNode[] {
  const header = { keyType: 'other', keyValue: 'X-From', valueType: 'other', valueValue: 'test' };
  return [
    { id: 'f', type: 'tab', label: 'Flow' },
    { id: 'hidden', type: 'tab', label: 'Hidden' },
    { id: 'locked', type: 'tab', label: 'Locked', locked: true },
    {
      id: 's',
      type: 'subflow',
      name: 'receive',
      in: [],
      out: [{ x: 400, y: 80, wires: [{ id: 'sub-in', port: 0 }] }],
      env: [],
    },
    node('g', 'group', {
      style: { label: true },
      nodes: ['in', 'echo', 'out'],
      x: 94,
      y: 59,
      w: 712,
      h: 82,
    }),
    { id: 'l', type: 'websocket-listener', path: '/ws/echo', wholemsg: 'false', info: 'kept' },
    { id: 'l-sub', type: 'websocket-listener', path: '/ws/sub', wholemsg: 'true' },
    { id: 'l-locked', type: 'websocket-listener', path: '/ws/locked', wholemsg: 'false' },
    {
      id: 'c',
      type: 'websocket-client',
      path: `${peer.replace('http', 'ws')}/ws/echo`,
      tls: '',
      wholemsg: 'false',
      hb: '30',
      subprotocol: '',
      headers: [header],
    },
    node('in', 'websocket in', {
      g: 'g',
      server: 'l',
      client: '',
      info: 'kept',
      outputLabels: ['kept'],
      wires: [['echo', 'log']],
    }),
    node('echo', 'change', {
      g: 'g',
      rules: [{ t: 'set', p: 'payload', pt: 'msg', to: '"echo: " & payload', tot: 'jsonata' }],
      x: 450,
      wires: [['out']],
    }),
    node('log', 'junction', { x: 400, y: 180, wires: [['from-peer-log']] }),
    node('from-peer-log', 'debug', { active: false, x: 600, y: 180 }),
    node('out', 'websocket out', { g: 'g', name: 'to peers', server: 'l', client: '', x: 700 }),
    node('to-peer', 'websocket out', { server: '', client: 'c', x: 700, y: 260, l: false }),
    node('from-peer', 'websocket in', { d: true, server: '', client: 'c', y: 260, wires: [['to-peer']] }),
    node('watch', 'status', { scope: ['in', 'out'], y: 320, wires: [['from-peer-log']] }),
    node('sub', 'subflow:s', { y: 380, wires: [['out']] }),
    node('sub-in', 'websocket in', { z: 's', server: 'l-sub', client: '', wires: [[]] }),
    node('hidden-in', 'websocket in', { z: 'hidden', server: 'l', client: '', wires: [[]] }),
    node('locked-in', 'websocket in', { z: 'locked', server: 'l-locked', client: '', wires: [[]] }),
  ];
}

describe('Convert WebSocket nodes to websocket-plus', function () {
  this.timeout(60_000);

  let nodeRed: NodeRedProcess;
  let editor: EditorPage;
  let builtIn: FlowNode[];

  before(async () => {
    nodeRed = await editorNodeRed();
  });
  beforeEach(async () => {
    await nodeRed.deploy(flows(nodeRed.url));
    editor = await EditorPage.open(nodeRed);
    await editor.evaluate("RED.workspaces.hide('hidden')");
    builtIn = await editor.flow();
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await editor.screenshot('failed-convert');
    await editor.close();
  });

  function converted(ids: readonly string[]): FlowNode[] {
    return builtIn.map(
      (entry) => (ids.includes(entry.id) ? counterpart(entry, 'session') : entry) as FlowNode,
    );
  }

  async function echoed(path: string): Promise<string> {
    const client = await SocketClient.open(nodeRed.url.replace('http', 'ws') + path);
    client.send('hello');
    const answer = await client.nextText();
    await client.close();
    return answer;
  }

  async function count(name: string): Promise<string | null> {
    const row = editor.page.locator(`#websocket-plus-convert [data-count="${name}"]`);
    return (await row.isVisible()) ? row.locator('td').textContent() : null;
  }

  it('converts all of them in place, one undo and one redo, and serves', async () => {
    await editor.runFromActionList(LABEL);
    await editor.page.locator('#websocket-plus-convert').waitFor();
    should(await count('nodes')).equal('6');
    should(await count('listeners')).equal('2');
    should(await count('clients')).equal('1');
    should(await count('locked')).equal('2');
    should(await count('added')).be.null();
    should(await count('shared')).be.null();
    await editor.screenshot('convert-all', editor.page.locator('.ui-dialog:visible'));
    await editor.page.locator('#websocket-plus-convert-agree').click();
    const said = editor.page.locator('.red-ui-notification-success');
    should(await said.textContent()).match(/nodes 6, listeners 2, clients 1.*nobody is checked/s);

    const left = ['locked-in', 'l-locked'];
    const after = converted(
      builtIn.filter(({ id, type }) => BUILT_IN.test(type) && !left.includes(id)).map(({ id }) => id),
    );
    await seen(after);
    should(await editor.isDirty()).be.true();
    await editor.screenshot('converted');

    await editor.page.keyboard.press('Control+z');
    await seen(builtIn);
    should(await editor.isDirty()).be.false();
    await editor.screenshot('converted-undone');

    await editor.page.keyboard.press('Control+y');
    await seen(after);
    should(await editor.isDirty()).be.true();

    await editor.deploy();
    await editor.screenshot('converted-deployed');
    should(await echoed('/ws/echo')).equal('echo: hello');

    await editor.page.locator('#red-ui-workspace-chart').click({ position: { x: 900, y: 600 } });
    await editor.page.keyboard.press('Control+z');
    await seen(builtIn);
    await editor.deploy();
    should(await echoed('/ws/echo')).equal('echo: hello');
  });

  it('converts a selected node with all that share its listener', async () => {
    await editor.node('in').click();
    await editor.runFromActionList(LABEL);
    await editor.page.locator('#websocket-plus-convert').waitFor();
    should(await count('nodes')).equal('3');
    should(await count('added')).equal('2');
    should(await count('listeners')).equal('1');
    await editor.page.locator('#websocket-plus-convert-scope').selectOption('global');
    await editor.screenshot('convert-selected', editor.page.locator('.ui-dialog:visible'));
    await editor.page.locator('#websocket-plus-convert-scope').selectOption('session');
    await editor.page.keyboard.press('Tab');
    await editor.page.keyboard.press('Tab');
    await editor.page.keyboard.press('Enter');
    await seen(converted(['in', 'out', 'hidden-in', 'l']));
    should(await editor.evaluate('RED.view.selection().nodes.map(({ type }) => type)')).eql([
      'websocket-plus in',
    ]);
  });

  it('leaves earlier steps to be undone, those of the converted nodes too', async () => {
    await editor.node('out').click();
    await editor.page.keyboard.press('Control+ArrowDown');
    await editor.page.waitForFunction('RED.nodes.dirty()');
    const moved = await editor.flow();
    should(byId(moved)).not.eql(byId(builtIn));
    await editor.runFromActionList(LABEL);
    await editor.page.locator('#websocket-plus-convert-agree').click();
    const both = await editor.flow();

    await editor.page.keyboard.press('Control+z');
    await seen(moved);
    await editor.page.keyboard.press('Control+z');
    await seen(builtIn);
    should(await editor.isDirty()).be.false();
    await editor.page.keyboard.press('Control+y');
    await seen(moved);
    await editor.page.keyboard.press('Control+y');
    await seen(both);
  });

  it('changes nothing when it is cancelled', async () => {
    await editor.runFromActionList(LABEL);
    await editor.page.locator('#websocket-plus-convert-cancel').click();
    await editor.page.locator('#websocket-plus-convert').waitFor({ state: 'detached' });
    await seen(builtIn);
    should(await editor.isDirty()).be.false();
  });

  it('proposes to answer sessions, and the tenant where something else is sent too', async () => {
    const inject = node('inject', 'inject', { y: 500, wires: [['link-out']] });
    const linkOut = node('link-out', 'link out', { y: 500, mode: 'link', links: ['link-in'] });
    const linkIn = node('link-in', 'link in', { y: 560, links: ['link-out'], wires: [['announce']] });
    const announce = node('announce', 'websocket out', { y: 560, server: 'l-sub', client: '' });
    await editor.evaluate(`void RED.nodes.import(${JSON.stringify([inject, linkOut, linkIn, announce])})`);
    await editor.runFromActionList(LABEL);
    const dialog = editor.page.locator('#websocket-plus-convert');
    const rows = dialog.locator('[data-proposal]:visible');
    should(await rows.locator('b').allTextContents()).eql(['/ws/echo', '/ws/sub']);
    should(await dialog.locator('#websocket-plus-convert-scope').inputValue()).equal('session');
    should(await dialog.locator('#websocket-plus-convert-scope-more').inputValue()).equal('tenant');
    await editor.screenshot('convert-proposals', editor.page.locator('.ui-dialog:visible'));
    await editor.page.locator('#websocket-plus-convert-agree').click();
    const scopes = (await editor.flow())
      .filter(({ type }) => type === 'websocket-plus-listener')
      .map(({ path, routingScope }) => [path, routingScope]);
    should(scopes.sort()).eql([
      ['/ws/echo', 'session'],
      ['/ws/sub', 'tenant'],
    ]);
  });

  it('is cancelled with Escape, and no script throws', async () => {
    await editor.runFromActionList(LABEL);
    const dialog = editor.page.locator('#websocket-plus-convert');
    await dialog.waitFor();
    await editor.page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await seen(builtIn);
    should(await editor.isDirty()).be.false();
  });

  it('opens a converted node and its listener like any other', async () => {
    await editor.runFromActionList(LABEL);
    await editor.page.locator('#websocket-plus-convert-agree').click();
    await editor.openDialog('in');
    await editor.page.locator('#node-input-btn-server-edit').click();
    const path = editor.page.locator('#node-config-input-path');
    await path.waitFor();
    should(await path.inputValue()).equal('/ws/echo');
    should(await editor.page.locator('#node-config-input-jwtValidation').inputValue()).equal('none');
    await editor.done();
    await editor.done();
  });

  /** The flow is `expected`, and the canvas shows every node and wire of it, once. */
  async function seen(expected: readonly FlowNode[]): Promise<void> {
    const flow = await editor.flow();
    should(byId(flow)).eql(byId(expected));
    should(order(flow)).eql(order(expected));
    const drawn = await editor.evaluate<string[]>(
      "$('#red-ui-workspace-chart .red-ui-flow-node-group').get().map(({ id }) => id)",
    );
    should(drawn.sort()).eql(
      flow
        .filter(({ z, x, type }) => z === 'f' && x && type !== 'group' && type !== 'junction')
        .map(({ id }) => id)
        .sort(),
    );
    const wires = flow
      .filter(({ z }) => z === 'f')
      .flatMap(({ wires }) => (wires as string[][] | undefined)?.flat() ?? []);
    should(await editor.page.locator('#red-ui-workspace-chart .red-ui-flow-link-line').count()).equal(
      wires.length,
    );
    for (const { id, type } of flow.filter(({ type }) => /^websocket/.test(type)))
      should(await editor.evaluate(`RED.nodes.node('${id}').valid`)).be.true(`${type} ${id}`);
  }
});

function byId(flow: readonly FlowNode[]): Record<string, FlowNode> {
  return Object.fromEntries(flow.map((entry) => [entry.id, entry]));
}

function order(flow: readonly FlowNode[]): string[] {
  return flow.filter(({ x, type }) => x && type !== 'junction').map(({ id }) => id);
}
