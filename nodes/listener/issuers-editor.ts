import type { EditorNode } from '../dialog/node-editor.js';
import type { Read } from '../dialog/values-editor.js';
import { may } from './checks-editor.js';

/** The issuers that a listener names, as far as the editor knows them, without those that are disabled. */
export function issuersOf(read: Read): readonly EditorNode[] {
  if (!may(read, 'jwtValidation', 'issuers')) return [];
  const nodes = ['issuer', 'issuer2', 'issuer3', 'issuer4'].map((name) => RED.nodes.node(read(name)));
  const known = nodes.flatMap((node) => (node && node.d !== true ? [node] : []));
  return known.filter((node, index) => known.indexOf(node) === index);
}
