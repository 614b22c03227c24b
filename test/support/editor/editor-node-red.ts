import { installedNodeRed, PACKAGE } from '../package/installed-node-red.js';
import type { NodeRedProcess } from '../package/node-red-process.js';
import { EditorPage } from './editor-page.js';

/** A real Node-RED into which the package was installed as a user does it: with the palette manager's upload. */
export async function editorNodeRed(): Promise<NodeRedProcess> {
  const { nodeRed } = await installedNodeRed(async (nodeRed, file) => {
    const editor = await EditorPage.open(nodeRed);
    const answer = await editor.installTarball(file, PACKAGE);
    await editor.close();
    return answer;
  });
  return nodeRed;
}
