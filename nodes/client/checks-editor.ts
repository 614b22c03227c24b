import { CLIENT_SCHEMA, CLIENT_SCHEMA_WITHOUT_URL, isAuthorization } from '../../src/config/client-schema.js';
import { problemOf } from '../../src/config/schema.js';
import type { EditorNode } from '../dialog/node-editor.js';
import type { PropertyCheck } from '../dialog/validator-editor.js';
import { isHeader } from './headers-editor.js';

/** A URL may be left out where a flow can say where to connect. */
export const checkUrl: PropertyCheck = (read, node) => {
  const { path } = isControlled(node) ? CLIENT_SCHEMA_WITHOUT_URL : CLIENT_SCHEMA;
  return problemOf(path, read('path'), read);
};

export const checkHeaders: PropertyCheck = (_read, node) => {
  const headers: unknown = node.headers;
  return headers === undefined || (Array.isArray(headers) && headers.every(isHeader)) ? undefined : 'headers';
};

/** The token would be one of two. */
export const checkAuthorization: PropertyCheck = (read, { headers }) => {
  const isHeaderUsed = read('authMode') !== 'none' && read('tokenPlacement') === 'header';
  return isHeaderUsed && Array.isArray(headers) && headers.some(isAuthorization)
    ? 'headers-authorization'
    : undefined;
};

function isControlled({ id }: EditorNode): boolean {
  let found = false;
  RED.nodes.eachNode(({ type, client, d }) => {
    if (type === 'websocket-plus control' && client === id && d !== true) found = true;
  });
  return found;
}
