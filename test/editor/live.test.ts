import should from 'should';
import { SocketClient } from '../support/core/socket-client.js';
import { CLAIMS, SECRET, seconds, token } from '../support/core/tokens.js';
import { AXE, violations } from '../support/editor/axe.js';
import { editorNodeRed } from '../support/editor/editor-node-red.js';
import { EditorPage, type EditorSettings } from '../support/editor/editor-page.js';
import { LiveTab } from '../support/editor/live-tab.js';
import { LANGUAGES } from '../support/locales/locales.js';
import type { FlowNode, NodeRedProcess } from '../support/package/node-red-process.js';

const LISTENER = {
  id: 'chat',
  type: 'websocket-plus-listener',
  path: '/ws/chat',
  routingScope: 'tenant',
  maxConnections: '10',
  enforceLimits: true,
  credentials: { jwtSecret: SECRET },
};

const FLOW: FlowNode[] = [
  { id: 'f', type: 'tab', label: 'Flow' },
  LISTENER,
  {
    id: 'keys',
    type: 'websocket-plus-listener',
    path: '/ws/keys',
    jwtValidation: 'jwks',
    jwksUri: 'http://127.0.0.1:1/keys',
  },
  {
    id: 'broken',
    type: 'websocket-plus-listener',
    path: '/ws/broken',
    routingScope: 'nonsense',
    credentials: { jwtSecret: SECRET },
  },
  { id: 'client', type: 'websocket-plus-client', path: 'ws://127.0.0.1:1/up', authMode: 'none' },
  { id: 'in', type: 'websocket-plus in', z: 'f', x: 150, y: 100, server: 'chat', wires: [['out']] },
  { id: 'out', type: 'websocket-plus out', z: 'f', x: 400, y: 100, server: 'chat', wires: [] },
  { id: 'up', type: 'websocket-plus out', z: 'f', x: 400, y: 200, client: 'client', wires: [] },
];

describe('the tab WebSocket connections', function () {
  this.timeout(240_000); // Node-RED fetches the dependencies

  let nodeRed: NodeRedProcess;
  let peers: SocketClient[] = [];
  let editor: EditorPage;
  let tab: LiveTab;

  before(async () => {
    nodeRed = await editorNodeRed();
  });
  afterEach(async () => {
    for (const peer of peers) peer.socket.terminate();
    peers = [];
    await editor.close();
  });

  function url(path: string, claims?: Record<string, unknown>): string {
    const jwt = claims === undefined ? '' : `?token=${token({ ...CLAIMS, ...claims })}`;
    return `${nodeRed.url.replace('http', 'ws')}${path}${jwt}`;
  }
  async function connect(claims: Record<string, unknown>): Promise<SocketClient> {
    const peer = await SocketClient.open(url('/ws/chat', claims));
    peers.push(peer);
    return peer;
  }

  async function open(settings: EditorSettings = {}, flow: FlowNode[] = FLOW): Promise<void> {
    await nodeRed.deploy(flow);
    await openEditor(settings);
  }
  async function openEditor(settings: EditorSettings = {}): Promise<void> {
    editor = await EditorPage.open(nodeRed, settings);
    tab = new LiveTab(editor);
  }
  /** Some are connected, and some refused. */
  async function crowd(): Promise<void> {
    for (const [sub, tenant] of [
      ['ann', 'acme'],
      ['bob', 'globex'],
    ])
      await connect({ sub, tenant_id: tenant, exp: seconds(900) });
    await SocketClient.refused(url('/ws/chat', { exp: seconds(-60) }));
    await SocketClient.refused(url('/ws/broken'));
  }

  it('comes with the first listener or client, goes with the last, and shows itself to nobody who did not ask', async () => {
    const [flow] = FLOW as [FlowNode];
    await open({}, [flow]);
    const knows = () => editor.evaluate<boolean>("$('.websocket-plus-live').length > 0");
    should(await knows()).be.false();
    await editor.evaluate(
      "RED.view.importNodes([{ id: 'new', type: 'websocket-plus-listener', path: '/new' }], { addFlow: false })",
    );
    await tab.element.waitFor({ state: 'attached' });
    should(await tab.element.isVisible()).be.false();
    should(tab.requests).eql([]);
    await editor.evaluate("RED.nodes.remove('new')");
    await tab.element.waitFor({ state: 'detached' });
    should(await editor.page.locator('.websocket-plus-foot').count()).equal(0);
    await editor.invoke('websocket-plus:show-connections'); // there is nothing to show
  });

  it('asks the runtime every 2 s while it is seen, and in 10 s not once while it is not', async () => {
    await open();
    await editor.page.clock.install();
    await tab.show();
    for (let polls = 1; polls < 4; polls += 1) {
      const next = editor.page.waitForRequest(/websocket-plus\/live/);
      await editor.page.clock.runFor(2000);
      await (await next).response();
    }
    await tab.hide();
    const asked = tab.requests.length;
    should(asked).be.within(4, 6);
    await editor.page.clock.runFor(10_000);
    should(tab.requests).have.length(asked);
    const again = editor.page.waitForRequest(/websocket-plus\/live/);
    await tab.show();
    await again;
  });

  it('asks nothing while it is paused, and not in a page that nobody sees', async () => {
    await open();
    await editor.page.clock.install();
    await tab.show();
    const pause = tab.element.getByRole('button', { name: 'Pause' });
    await pause.click();
    should(await pause.getAttribute('aria-pressed')).equal('true');
    should(await editor.page.locator('.websocket-plus-foot').textContent()).startWith('paused');
    const asked = tab.requests.length;
    await editor.page.clock.runFor(10_000);
    should(tab.requests).have.length(asked);
    await pause.click();
    await editor.page.waitForRequest(/websocket-plus\/live/).catch(() => {});
    await editor.evaluate(`Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true });
      document.dispatchEvent(new Event('visibilitychange'))`);
    await editor.page.clock.runFor(1);
    const seen = tab.requests.length;
    await editor.page.clock.runFor(10_000);
    should(tab.requests).have.length(seen);
  });

  it('opens with what was refused, where there is something new, with words, a cure, and a way to try a token', async () => {
    await open();
    await crowd();
    await tab.show();
    const refused = tab.page.locator('#websocket-plus-live-refused-panel');
    await refused.waitFor();
    const expired = refused.locator('li', { hasText: 'The token had expired' });
    const words = await expired.innerText();
    should(words)
      .containEql('Let the page get a new token')
      .and.containEql('401 token_expired')
      .and.containEql('/ws/chat');
    should(
      await refused.locator('li', { hasText: 'This listener does not work: unknown scope' }).count(),
    ).equal(1);
    await expired.getByRole('button', { name: 'Try a token' }).click();
    await editor.configDialogOpened();
    should(await editor.page.locator('#websocket-plus-trial-token').isVisible()).be.true();
    await editor.cancel();
    await tab.hide();
    await tab.show(); // nothing is new by now
    should(await refused.isVisible()).be.true(); // where somebody was
    should(
      await editor.page.locator('#websocket-plus-live-refused .websocket-plus-badge').isVisible(),
    ).be.false();
  });

  it('says in words what is wrong with a listener and a client', async () => {
    await open();
    await tab.show();
    const overview = await tab.view('overview');
    const row = (name: string) =>
      overview.locator('.websocket-plus-endpoints > tbody', { hasText: name }).innerText();
    should(await row('/ws/keys')).match(/keys unavailable since .* \(ECONNREFUSED\): everybody is refused/);
    should(await row('/ws/broken')).containEql('unknown scope');
    should(await row('ws://127.0.0.1:1/up')).containEql('ECONNREFUSED');
    const curves = overview.locator('polyline');
    should(await curves.count()).equal(3);
  });

  it('leads from a tenant to its sessions, and closes all of them once it was agreed', async () => {
    await open();
    await crowd();
    await tab.show();
    const overview = await tab.view('overview');
    await overview.getByRole('button', { name: 'acme' }).click();
    await tab.session('ann').waitFor();
    should(await tab.session('bob').count()).equal(0);
    await tab.element.getByRole('button', { name: 'Close all…' }).click();
    should(await tab.element.locator('.websocket-plus-confirm').innerText()).containEql(
      'Close all 1 connections of acme?',
    );
    await tab.element.getByRole('button', { name: 'Cancel' }).click();
    await tab.element.getByRole('button', { name: 'Close all…' }).click();
    await tab.element.getByRole('button', { name: 'Close', exact: true }).click();
    should((await peers[0]?.closed)?.code).equal(4403);
    should(peers[1]?.socket.readyState).equal(1);
    await tab.element.locator('[role="status"]', { hasText: 'Closed: 1' }).waitFor();
  });

  it('is used with the keyboard alone: a session is opened, closed after a question, and the focus stays', async () => {
    await open();
    await crowd();
    await tab.show();
    await editor.page.locator('#websocket-plus-live-refused').focus();
    await editor.page.keyboard.press('ArrowLeft');
    should(await editor.evaluate('document.activeElement.id')).equal('websocket-plus-live-sessions');
    const ann = tab.element.getByRole('button', { name: 'ann', exact: true });
    await ann.waitFor();
    await ann.focus();
    await editor.page.keyboard.press('Enter');
    should(await ann.getAttribute('aria-expanded')).equal('true');
    should(await tab.element.locator('.websocket-plus-details:visible').innerText()).containEql('127.0.0.1');
    await connect({ sub: 'carla' }); // a new row comes first
    await tab.session('carla').waitFor();
    should(await editor.evaluate('document.activeElement.textContent')).equal('ann');
    should(await ann.getAttribute('aria-expanded')).equal('true');
    const close = tab.session('ann').getByRole('button', { name: 'Close…' });
    await close.focus();
    await editor.page.keyboard.press('Enter');
    should(await editor.evaluate('document.activeElement.textContent')).equal('Cancel');
    await editor.page.keyboard.press('Escape');
    should(await editor.evaluate('document.activeElement.textContent.trim()')).equal('Close…');
    await editor.page.keyboard.press('Enter');
    await editor.page.keyboard.press('Shift+Tab');
    await editor.page.keyboard.press('Enter');
    should((await peers[0]?.closed)?.code).equal(4403);
    await tab.session('ann').waitFor({ state: 'detached' });
  });

  it('searches in the runtime, and shows what a session says while somebody watches', async () => {
    await open();
    await crowd();
    await tab.show();
    await tab.view('sessions');
    await tab.element.getByRole('button', { name: 'Search sessions' }).click();
    await tab.element.getByRole('searchbox').fill('GLOB');
    await tab.session('ann').waitFor({ state: 'detached' });
    await tab.element.getByRole('button', { name: 'bob', exact: true }).click();
    const started = editor.page.waitForResponse(/websocket-plus\/live\/chat\/watch$/);
    await tab.session('bob').getByRole('button', { name: 'Watch' }).click();
    should((await started).status()).equal(200);
    peers[1]?.send('<b>hello</b>');
    await tab.element.locator('.websocket-plus-watch li', { hasText: '<b>hello</b>' }).first().waitFor();
    await tab.element.getByRole('button', { name: 'Back' }).click();
    await tab.session('bob').waitFor();
    await tab.session('bob').getByRole('button', { name: 'All of globex' }).click();
    await tab.element.locator('.websocket-plus-filter').getByRole('button', { name: 'Watch' }).click();
    await tab.element.locator('.websocket-plus-watch').waitFor();
    peers[1]?.send('from the tenant');
    await tab.element.locator('.websocket-plus-watch li', { hasText: 'from the tenant' }).first().waitFor();
  });

  for (const [status, error, sentence] of [
    [401, '', 'Ask for the permission websocket-plus.read: without it you cannot see connections.'],
    [404, 'live-off', 'The live view is switched off in settings.js (liveView).'],
  ] as const) {
    it(`says one sentence and shows nothing else where the runtime answers ${status} ${error}`, async () => {
      await open();
      await editor.page.route('**/websocket-plus/live*', (route) =>
        route.fulfill({ status, json: { error } }),
      );
      await editor.invoke('websocket-plus:show-connections');
      await tab.element.getByText(sentence).waitFor();
      should((await tab.element.innerText()).trim()).equal(sentence);
    });
  }

  it('is one line away from the dialog of a listener', async () => {
    await nodeRed.deploy(FLOW);
    await crowd();
    await openEditor(); // a second is told when it is over
    await editor.openConfigNode('chat');
    const line = editor.page.locator('#websocket-plus-live-line');
    await line.waitFor();
    should(await line.innerText()).startWith('2 connected, 1 refused in the last minute');
    await line.getByRole('button').click();
    await tab.element.waitFor();
    await editor.page.waitForFunction("$('.websocket-plus-live select').val() === 'chat'");
    await editor.cancel();
  });

  for (const theme of ['light', 'dark'] as const) {
    it(`has nothing that axe finds wrong, ${theme}`, async () => {
      await open({ theme });
      await crowd();
      await editor.evaluate(`void ${AXE}`);
      await tab.show();
      for (const view of ['overview', 'sessions', 'refused']) {
        await tab.view(view);
        should(await violations(editor, '.websocket-plus-live')).eql([], view);
        await editor.screenshot(`live-${view}-${theme}`);
      }
      await tab.view('sessions');
      await tab.element.getByRole('button', { name: 'ann', exact: true }).click();
      await tab.session('ann').getByRole('button', { name: 'Close…' }).click();
      should(await violations(editor, '.websocket-plus-live')).eql([], 'details');
      await tab.element.getByRole('button', { name: 'Cancel' }).click();
      await tab.session('ann').getByRole('button', { name: 'Watch' }).click();
      peers[0]?.send('hello');
      await tab.element.locator('.websocket-plus-watch li').first().waitFor();
      should(await violations(editor, '.websocket-plus-live')).eql([], 'watch');
    });
  }

  for (const language of LANGUAGES) {
    it(`fits from 180 to 800 pixels in ${language}`, async () => {
      await open({ language });
      await crowd();
      await tab.show();
      for (const view of ['overview', 'sessions', 'refused']) {
        await tab.view(view);
        if (view === 'sessions') await tab.element.getByRole('button', { name: 'ann', exact: true }).click();
        for (const width of [180, 240, 300, 800]) {
          await tab.resize(width);
          should(await tab.tooWide()).eql([], `${view} ${width}`);
        }
        await tab.resize(300);
        await editor.screenshot(`live-${view}-${language}`, tab.element);
      }
    });
  }
});
