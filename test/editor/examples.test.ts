import should from 'should';
import { editorNodeRed } from '../support/editor/editor-node-red.js';
import { EditorPage } from '../support/editor/editor-page.js';
import { example, exampleNames } from '../support/package/examples.js';
import { PACKAGE } from '../support/package/installed-node-red.js';
import type { FlowNode, NodeRedProcess } from '../support/package/node-red-process.js';

describe('the import dialog', function () {
  this.timeout(240_000); // Node-RED fetches the dependencies

  let nodeRed: NodeRedProcess;
  let editor: EditorPage;

  before(async () => {
    nodeRed = await editorNodeRed();
  });
  beforeEach(async () => {
    await nodeRed.deploy([{ id: 'f', type: 'tab', label: 'Flow' }]);
    editor = await EditorPage.open(nodeRed);
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await editor.screenshot('failed-import');
    await editor.close();
  });

  for (const name of exampleNames()) {
    it(`imports ${name}`, async () => {
      const { page } = editor;
      await editor.invoke('core:show-examples-import-dialog');
      const dialog = page.locator('.ui-dialog:visible');
      const folder = dialog.locator('.red-ui-treeList-label', { hasText: PACKAGE });
      const file = dialog.locator('.red-ui-treeList-label', { hasText: name });
      await folder.click();
      await file.click();
      await editor.screenshot(`import-${name.slice(0, 2)}`, dialog);
      await page.locator('#red-ui-clipboard-dialog-ok').click();
      await page.waitForFunction('RED.nodes.dirty()');

      const before = types([{ id: 'f', type: 'tab' }, ...example(name.slice(0, 2))]);
      should(types(await editor.flow())).eql(before);
      should(await editor.evaluate("RED.nodes.filterNodes({ type: 'unknown' }).length")).equal(0);
      await editor.screenshot(`example-${name.slice(0, 2)}`);
    });
  }
});

/** The types of all entries; an import makes new ids. */
function types(flow: readonly FlowNode[]): string[] {
  return flow.map(({ type }) => type).sort();
}
