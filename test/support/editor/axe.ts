import { readFileSync } from 'node:fs';
import type { EditorPage } from './editor-page.js';

/** Defines `axe` in a page. */
export const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

/** In the page: what axe finds wrong below `selector`. */
export const VIOLATIONS = (
  selector: string,
) => `axe.run('${selector}', { resultTypes: ['violations'] }).then(({ violations }) =>
  violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => id + ': ' + html)))`;

/** What axe finds wrong below `selector`, in a page that has `AXE`. */
export function violations(editor: EditorPage, selector: string): Promise<string[]> {
  return editor.evaluate(VIOLATIONS(selector));
}
