import should from 'should';
import { JwksServer } from '../support/core/jwks-server.js';
import { signer } from '../support/core/tokens.js';
import { AXE, VIOLATIONS } from '../support/editor/axe.js';
import { browser } from '../support/editor/browser.js';
import { editorNodeRed } from '../support/editor/editor-node-red.js';
import { EditorPage } from '../support/editor/editor-page.js';
import { showTab, tabNames } from '../support/editor/tabs.js';
import { example, exampleNames } from '../support/package/examples.js';
import type { NodeRedProcess } from '../support/package/node-red-process.js';

/** Nodes with something to correct, and a built-in one to convert. */
const FLOW = [
  { id: 'f', type: 'tab', label: 'Flow' },
  { id: 'l', type: 'websocket-plus-listener', path: '', rateLimit: 'many', routingScope: 'global' },
  {
    id: 'c',
    type: 'websocket-plus-client',
    path: 'wss://example.com/ws',
    hb: 'often',
    headers: [{ keyType: 'other', keyValue: 'X-From', valueType: 'other', valueValue: 'test' }],
  },
  {
    id: 'i',
    type: 'websocket-plus-issuer',
    issuer: '',
    maxLifetime: 'long',
    claims: [{ claim: 'groups', rule: 'includes', value: 'chat' }],
  },
  { id: 'k', type: 'websocket-plus-cluster', broker: '', prefix: 'a b' },
  { id: 'in', type: 'websocket-plus in', z: 'f', x: 150, y: 100, wires: [[]] },
  { id: 'out', type: 'websocket-plus out', z: 'f', x: 400, y: 100, wires: [] },
  { id: 'event', type: 'websocket-plus event', z: 'f', x: 150, y: 300, events: [], wires: [[]] },
  { id: 'control', type: 'websocket-plus control', z: 'f', x: 400, y: 300, action: 'x', wires: [[]] },
  { id: 'b', type: 'websocket-listener', path: '/ws/b', wholemsg: 'false' },
  { id: 'bin', type: 'websocket in', z: 'f', x: 150, y: 200, server: 'b', client: '', wires: [[]] },
];

/** In the page: our small texts whose contrast to the dialog is less than WCAG asks for (SC 1.4.3). */
const PALE = `(() => {
  const light = (color) => color.match(/[\\d.]+/g).slice(0, 3).map((part) => part / 255)
    .map((part) => (part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
    .reduce((sum, part, index) => sum + part * [0.2126, 0.7152, 0.0722][index], 0);
  const behind = (element) => {
    const { backgroundColor } = getComputedStyle(element);
    return /, 0\\)$/.test(backgroundColor) ? behind(element.parentElement) : backgroundColor;
  };
  return $('.websocket-plus-hint:visible, .websocket-plus-note:visible, .websocket-plus-problem:visible').get()
    .map((text) => [light(getComputedStyle(text).color), light(behind(text)), text.textContent])
    .map(([a, b, text]) => [(Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05), text])
    .filter(([contrast]) => contrast < 4.5);
})()`;

describe('accessibility', function () {
  this.timeout(240_000); // Node-RED fetches the dependencies

  let nodeRed: NodeRedProcess;

  before(async () => {
    nodeRed = await editorNodeRed();
  });

  for (const theme of ['light', 'dark'] as const) {
    describe(`of the dialogs, ${theme}`, () => {
      let editor: EditorPage;

      before(async () => {
        await nodeRed.deploy(FLOW);
        editor = await EditorPage.open(nodeRed, { theme });
        await editor.evaluate(`void ${AXE}`);
      });
      after(() => editor.close());

      async function check(name: string, selector = '.websocket-plus'): Promise<void> {
        should(await editor.evaluate(VIOLATIONS(selector))).eql([], name);
        should(await editor.evaluate(PALE)).eql([], name);
      }

      for (const id of ['l', 'c', 'i', 'k']) {
        it(`axe finds nothing in any tab of ${id}, and all small text is dark enough`, async () => {
          await editor.openConfigNode(id);
          await check('as it opens');
          for (const tab of await tabNames(editor.dialog)) {
            await showTab(editor.dialog, tab);
            await check(tab);
          }
          await editor.cancel();
        });
      }

      for (const id of ['out', 'event', 'control']) {
        it(`axe finds nothing in the dialog of ${id}`, async () => {
          await editor.openDialog(id);
          await check(id);
          await editor.cancel();
        });
      }

      it('axe finds nothing in a token that was tried and one that was made', async () => {
        await editor.openConfigNode('l');
        await editor.page.locator('#node-config-input-path').fill('/ws/tried');
        await editor.page.locator('#websocket-plus-generate').click();
        await showTab(editor.dialog, 'limits');
        await editor.page.locator('#node-config-input-rateLimit').fill('');
        await showTab(editor.dialog, 'trial');
        await editor.page.locator('#websocket-plus-try').click();
        await editor.page.locator('#websocket-plus-verdict.websocket-plus-failed').waitFor();
        await check('refused');
        await editor.page.locator('.websocket-plus-make > summary').click();
        await editor.page.locator('#websocket-plus-make-tenant').fill('acme');
        await editor.page.locator('#websocket-plus-make').click();
        await editor.page.locator('#websocket-plus-verdict.websocket-plus-passed').waitFor();
        await check('accepted');
        await editor.cancel();
      });

      it('axe finds nothing in keys that were fetched, and in what an issuer finds in a token', async () => {
        const rsa = await signer('RS256', 'rsa-1');
        const endpoint = await JwksServer.start([rsa.jwk, { ...rsa.jwk, kid: 'enc-1', use: 'enc' }]);
        try {
          await editor.openConfigNode('i');
          await showTab(editor.dialog, 'tokens');
          await editor.page.locator('#node-config-input-maxLifetime').fill('');
          await showTab(editor.dialog, 'issuer');
          await editor.page.locator('#node-config-input-keysFrom').selectOption('jwks');
          await editor.page.locator('#node-config-input-jwksUri').fill(endpoint.uri);
          await editor.page.locator('#websocket-plus-fetch').click();
          await editor.page.locator('#websocket-plus-fetched.websocket-plus-passed').waitFor();
          await check('fetched');
          await showTab(editor.dialog, 'trial');
          await editor.page.locator('#websocket-plus-trial-token').fill('"Bearer');
          await check('a mistake');
          await editor.page.locator('#websocket-plus-trial-token').fill(await rsa.sign());
          await editor.page.locator('#websocket-plus-try').click();
          await editor.page.locator('#websocket-plus-verdict.websocket-plus-failed').waitFor();
          await check('tried');
          await editor.cancel();
        } finally {
          await endpoint.stop();
        }
      });

      for (const id of ['in', 'out']) {
        it(`axe finds nothing in the dialog of ${id}, and all small text is dark enough`, async () => {
          await editor.openDialog(id);
          await check(id);
          await editor.cancel();
        });
      }

      it('axe finds nothing in the dialog of the conversion', async () => {
        await editor.node('bin').click();
        await editor.runFromActionList('Convert WebSocket nodes to websocket-plus');
        await editor.page.locator('#websocket-plus-convert').waitFor();
        await check('convert', '#websocket-plus-convert');
        await editor.page.locator('#websocket-plus-convert-cancel').click();
      });
    });
  }

  describe('of the pages in the examples', () => {
    for (const name of exampleNames()) {
      const pages = example(name.slice(0, 2)).filter(({ template }) => /<body>/.test(String(template)));
      for (const { template } of pages) {
        it(`axe finds nothing in the page of ${name}, light and dark`, async () => {
          const page = await (await browser()).newPage();
          for (const colorScheme of ['light', 'dark'] as const) {
            await page.emulateMedia({ colorScheme });
            await page.setContent(String(template));
            await page.evaluate(`void ${AXE}`);
            await page.evaluate(
              "document.querySelectorAll('[hidden]').forEach((part) => { part.hidden = false; })",
            );
            should(await page.evaluate(VIOLATIONS('html'))).eql([], colorScheme);
          }
          await page.close();
        });
      }
    }
  });
});
