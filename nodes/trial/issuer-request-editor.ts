import type { EditorNode } from '../dialog/node-editor.js';
import { passwordOf, readerOf, STORED_PASSWORD } from '../dialog/values-editor.js';
import type { IssuerDialog } from './protocol.js';

/** What the runtime is told of an issuer. @param claims its rules for claims, where a dialog has others than the node */
export function issuerDialogOf(node: EditorNode, claims: unknown = node.claims): IssuerDialog {
  const read = readerOf(node);
  const names = Object.keys(node._def.defaults);
  return {
    id: node.id,
    properties: { ...Object.fromEntries(names.map((name) => [name, read(name)])), claims: claims ?? [] },
    credentials: Object.fromEntries(
      Object.keys(node._def.credentials ?? {}).flatMap((name) => {
        const typed = passwordOf(node, name);
        return typed === undefined || typed === STORED_PASSWORD ? [] : [[name, typed]];
      }),
    ),
  };
}
