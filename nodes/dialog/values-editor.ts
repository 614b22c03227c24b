import type { Read } from '../../src/config/properties.js';
import type { EditorNode, Property } from './node-editor.js';

/** What Node-RED puts into a password field whose value only the runtime knows. */
export const STORED_PASSWORD = '__PWRD__';

export type { Read };

const openForms = new Map<string, JQuery>();

/** From now on `node` has the values of this dialog's fields, until `forgetDialog` or until the form is gone. */
export function rememberDialog(node: EditorNode, form: JQuery): void {
  openForms.set(node.id, form);
}

/** From now on `node` has its own values again. */
export function forgetDialog(node: EditorNode): void {
  openForms.delete(node.id);
}

/** The field of a property in the dialog that is open for `node`, if there is one. */
export function fieldOf(node: EditorNode, name: string): JQuery | undefined {
  const form = openForms.get(node.id);
  if (form?.[0]?.isConnected !== true) {
    openForms.delete(node.id);
    return undefined;
  }
  const prefix = node._def.category === 'config' ? 'node-config-input-' : 'node-input-';
  const field = form.find(`#${prefix}${name}`);
  return field.length === 0 ? undefined : field;
}

/** What it means that a flow file does not mention a property. */
export function meaningOfAbsent(property: Property | undefined): unknown {
  return property?.absent ?? property?.value;
}

/** Reads what stands in the dialog while one is open, else what the node has, else what an absent property means. */
export function readerOf(node: EditorNode): Read {
  return (name) => {
    const field = fieldOf(node, name);
    if (field?.is(':checkbox')) return String(field.prop('checked'));
    const value =
      field === undefined ? (node[name] ?? meaningOfAbsent(node._def.defaults[name])) : field.val();
    // what the editor puts into a list of config nodes for none
    return value === undefined || value === null || value === '_ADD_' ? '' : String(value);
  };
}

/**
 * The password `name` of `node`: in its dialog what stands in the field, else what was typed since the last deploy.
 * `STORED_PASSWORD` when only the runtime knows it, undefined when not even its existence is known here.
 */
export function passwordOf(node: EditorNode, name: string): string | undefined {
  const field = fieldOf(node, name);
  if (field !== undefined) return String(field.val() ?? '');
  const known = node.credentials;
  if (known === undefined) return isDeployed(node) ? undefined : '';
  const typed = known[name];
  if (typeof typed === 'string') return typed;
  return known[`has_${name}`] === true ? STORED_PASSWORD : '';
}

/** Whether the runtime has the node; true also while that is not known. */
export function isDeployed(node: EditorNode): boolean {
  return RED.nodes.originalFlow()?.some(({ id }) => id === node.id) ?? true;
}
