import type { DialogProblem } from '../../src/config/codes.js';
import { type Conditions, prepareDialog } from '../dialog/dialog-editor.js';
import { nameOf } from '../dialog/name-editor.js';
import type { EditorNode } from '../dialog/node-editor.js';
import { validator } from '../dialog/validator-editor.js';
import { fieldOf, forgetDialog, isDeployed, type Read, readerOf } from '../dialog/values-editor.js';
import { onlyListener } from './only-listener-editor.js';

/** What all nodes on a canvas have in common: each is attached to a listener (`server`) or to a client. */
type Kind = 'server' | 'client';

export const validateServer = validator('server', (read) => problem('server', read));
export const validateClient = validator('client', (read) => problem('client', read));

/** The name, else the label of the listener or client, else that of the palette. */
export function attachedLabel(node: EditorNode): string {
  const name = nameOf(node);
  if (name !== undefined) return name;
  const config = RED.nodes.node(node.client || node.server);
  return config?.label === undefined ? (node._def.paletteLabel ?? '') : `[ws] ${config.label()}`;
}

/** Attaches a new node to the listener, where there is nothing to choose. */
export function attachNew(node: EditorNode): void {
  const listener = onlyListener(node);
  if (listener !== undefined) node.server = listener;
}

/** @param conditions when other parts of the dialog apply, besides those for a listener or a client */
export function prepareAttached(node: EditorNode, conditions: Conditions = {}): void {
  const listener = isDeployed(node) ? undefined : onlyListener(node); // there may be one now
  if (listener !== undefined) $('#node-input-server').val(listener);
  $('#node-input-mode').val(kindOf(readerOf(node)));
  prepareDialog(node, {
    ...conditions,
    server: (read) => kindOf(read) === 'server',
    client: (read) => kindOf(read) === 'client',
  });
}

/** Leaves exactly one of the two set. `_ADD_` is the choice of the editor's own list that stands for none. */
export function saveAttached(node: EditorNode): void {
  const unused = kindOf(readerOf(node)) === 'server' ? 'client' : 'server';
  fieldOf(node, unused)?.val('_ADD_');
  forgetDialog(node);
}

/** Which of the two a node is attached to. */
export function kindOf(read: Read): Kind {
  const chosen = read('mode');
  if (chosen === 'server' || chosen === 'client') return chosen;
  return read('client') !== '' && read('server') === '' ? 'client' : 'server';
}

function problem(kind: Kind, read: Read): DialogProblem | undefined {
  if (kindOf(read) !== kind) return undefined;
  const config = RED.nodes.node(read(kind));
  if (!config) return 'config-missing';
  return config.valid === false ? 'config-invalid' : undefined;
}
