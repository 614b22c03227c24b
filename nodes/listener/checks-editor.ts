import { pathShape, requestPath } from '../../src/config/path.js';
import { isVariable } from '../../src/config/properties.js';
import type { EditorNode } from '../dialog/node-editor.js';
import type { PropertyCheck } from '../dialog/validator-editor.js';
import { fieldOf, type Read } from '../dialog/values-editor.js';

/** Whether `name` has that value, or may have it at run time. */
export function may(read: Read, name: string, value: string): boolean {
  return read(name) === value || isVariable(read(name));
}

/** Each issuer once; those that speak for the same tokens only the runtime finds. */
export const checkIssuers: PropertyCheck = (read) => {
  if (read('jwtValidation') !== 'issuers') return undefined;
  const ids = ['issuer', 'issuer2', 'issuer3', 'issuer4'].map(read).filter((id) => id !== '');
  return new Set(ids).size === ids.length ? undefined : 'issuers-same';
};

/** Rivals are looked for in the dialog only: nothing would take the mark off this listener when a rival is changed. */
export const checkRivals: PropertyCheck = (read, node) =>
  fieldOf(node, 'path') !== undefined && hasRival(node, read('path')) ? 'path-taken' : undefined;

function hasRival(node: EditorNode, path: string): boolean {
  let found = false;
  RED.nodes.eachConfig(({ id, type, d, path: other }) => {
    if (id === node.id || d === true || typeof other !== 'string') return;
    if (type !== 'websocket-plus-listener' && type !== 'websocket-listener') return;
    // to a built-in listener a parameter is a text like any other
    const own = relativePath(other);
    found ||= (type === 'websocket-listener' ? own : pathShape(own)) === pathShape(relativePath(path));
  });
  return found;
}

function relativePath(path: string): string {
  return requestPath(path.replace(/^\//, ''));
}
