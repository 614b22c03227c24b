import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import should from 'should';
import { CLIPPED } from '../support/editor/dialog-rows.js';
import { editorNodeRed } from '../support/editor/editor-node-red.js';
import { EditorPage } from '../support/editor/editor-page.js';
import { showTab, tabNames } from '../support/editor/tabs.js';
import { PACKAGE, ROOT } from '../support/package/installed-node-red.js';
import type { NodeRedProcess } from '../support/package/node-red-process.js';

const CATALOG = `${PACKAGE}/websocket-plus`;
const LANGUAGES = readdirSync(join(ROOT, 'locales'));

/** One node of each type, none of them configured; and a built-in one, to convert. */
const FLOW = [
  { id: 'in', type: 'websocket-plus in', z: 'f', x: 150, y: 100, wires: [[]] },
  { id: 'out', type: 'websocket-plus out', z: 'f', x: 350, y: 100, wires: [] },
  { id: 'event', type: 'websocket-plus event', z: 'f', x: 150, y: 300, wires: [[]] },
  { id: 'control', type: 'websocket-plus control', z: 'f', x: 350, y: 300, wires: [[]] },
  { id: 'listener', type: 'websocket-plus-listener', path: '' },
  { id: 'client', type: 'websocket-plus-client', path: '', authMode: 'oauth2' },
  { id: 'issuer', type: 'websocket-plus-issuer', issuer: '' },
  { id: 'cluster', type: 'websocket-plus-cluster', broker: '' },
  { id: 'b', type: 'websocket-listener', path: '/ws' },
  { id: 'bin', type: 'websocket in', z: 'f', x: 150, y: 200, server: 'b', wires: [[]] },
];

interface Shown {
  /** `key` or `catalog:key`. */
  readonly key: string;
  readonly text: string | null;
}

/** What the test reads of an element in the page. */
interface Labelled {
  readonly textContent: string | null;
  getAttribute(name: string): string | null;
}

/** Runs in the page: what stands in the elements that have a text of a catalog. */
function collect(elements: readonly Labelled[]): Shown[] {
  return elements.flatMap((element) =>
    (element.getAttribute('data-i18n') ?? '').split(';').map((part) => {
      const [, attribute, key = ''] = /^(?:\[(.+)\])?(.+)$/.exec(part) ?? [];
      return { key, text: attribute === undefined ? element.textContent : element.getAttribute(attribute) };
    }),
  );
}

describe(`the dialogs in ${LANGUAGES.join(', ')}`, function () {
  this.timeout(240_000); // Node-RED fetches the dependencies

  let nodeRed: NodeRedProcess;
  let editor: EditorPage;

  before(async () => {
    nodeRed = await editorNodeRed();
    await nodeRed.deploy([{ id: 'f', type: 'tab', label: 'Flow' }]);
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await editor.screenshot('failed-language');
    await editor.close();
  });

  for (const language of LANGUAGES) {
    it(`show the texts of ${language}`, async () => {
      const texts = JSON.parse(readFileSync(join(ROOT, 'locales', language, 'websocket-plus.json'), 'utf8'));
      should(await nodeRed.json(`/locales/${CATALOG}?lng=${language}`)).eql(texts);
      editor = await EditorPage.open(nodeRed, { language });
      await editor.page.setViewportSize({ width: 1366, height: 768 });
      await editor.evaluate(`(RED.nodes.import(${JSON.stringify(FLOW)}), RED.view.redraw(true))`);

      for (const id of ['in', 'out', 'event', 'control']) {
        await editor.openDialog(id);
        await checkShown(editor.dialog, `dialog-${id}`);
        await editor.cancel();
      }
      for (const id of ['listener', 'client', 'issuer', 'cluster']) {
        await editor.openConfigNode(id);
        await checkShown(editor.dialog, `dialog-${id}`);
        await editor.cancel();
      }
      await editor.runFromActionList(texts.convert.title);
      await checkShown(editor.page.locator('.ui-dialog:visible'), 'convert');

      async function checkShown(dialog: EditorPage['dialog'], name: string): Promise<void> {
        await editor.screenshot(`${language}-${name}`, dialog);
        should(await editor.evaluate(CLIPPED)).eql([], name);
        for (const tab of await tabNames(dialog)) {
          await showTab(dialog, tab);
          await editor.screenshot(`${language}-${name}-${tab}`, dialog);
          should(await editor.evaluate(CLIPPED)).eql([], `${name} ${tab}`);
        }
        const shown = await dialog.locator('.websocket-plus [data-i18n]').evaluateAll(collect);
        should(shown.length).be.above(2);
        for (const { key, text } of shown) {
          const path = key.replace(/^.*:/, '').split('.');
          should(text).equal(
            path.reduce((part, step) => part[step], texts),
            `${language} ${name} ${key}`,
          );
        }
      }
    });
  }
});
