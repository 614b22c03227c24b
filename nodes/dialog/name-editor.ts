import type { EditorNode } from './node-editor.js';

/** What the user calls a node; undefined where it has no name. */
export function nameOf({ name }: EditorNode): string | undefined {
  return typeof name === 'string' && name.trim() !== '' ? name : undefined;
}
