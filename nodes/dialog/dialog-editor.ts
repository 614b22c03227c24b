import { isVariable } from '../../src/config/properties.js';
import { prepareConfigButtons } from './config-buttons-editor.js';
import type { EditorNode, Validator } from './node-editor.js';
import { prepareTabs } from './tabs-editor.js';
import { fieldOf, meaningOfAbsent, type Read, readerOf, rememberDialog } from './values-editor.js';

/** When the parts of a dialog apply that carry the same name in `data-when`. */
export type Conditions = Readonly<Record<string, (read: Read) => boolean>>;

/**
 * Makes a dialog live: parts that do not apply are hidden, and beside each field stands what is wrong with it (the
 * editor itself shows that only under a mouse). Call it from `oneditprepare`, after all fields are made.
 * @param onChange called now and after every change in the form.
 */
export function prepareDialog(
  node: EditorNode,
  conditions: Conditions,
  onChange?: (read: Read) => void,
): void {
  const form = formOf(node);
  rememberDialog(node, form);
  const read = readerOf(node);
  for (const name of Object.keys(node._def.defaults)) showOwnValue(node, name);
  const markTabs = prepareTabs(form);
  const refreshConfigButtons = prepareConfigButtons(node, form);
  const refresh = () => {
    refreshConfigButtons();
    form.find('[data-when]').each((_index, part) => {
      part.hidden = conditions[part.getAttribute('data-when') ?? '']?.(read) === false;
    });
    onChange?.(read);
    const properties = { ...node._def.defaults, ...node._def.credentials };
    for (const [name, { validate }] of Object.entries(properties)) {
      if (validate !== undefined) showProblem(node, name, validate);
    }
    markTabs();
  };
  form.on('change input keyup paste', refresh);
  refresh();
}

function formOf(node: EditorNode): JQuery {
  return $(node._def.category === 'config' ? '#node-config-dialog-edit-form' : '#dialog-form');
}

/** An absent property shows as what it means, and a value that is not one of the choices stays visible instead of getting lost. */
function showOwnValue(node: EditorNode, name: string): void {
  const field = fieldOf(node, name);
  if (field === undefined || node._def.defaults[name]?.type !== undefined) return;
  const value = node[name] === undefined ? meaningOfAbsent(node._def.defaults[name]) : node[name];
  if (field.is(':checkbox')) {
    showFlag(field, value);
    return;
  }
  if (node[name] === undefined) field.val(Array.isArray(value) ? value.map(String) : String(value ?? ''));
  if (field.is('select') && typeof value === 'string' && field.val() !== value) {
    field.append($('<option>').val(value).text(value)).val(value);
  }
}

/** The editor ticks a box for every text, and stores a tick in place of a variable. */
function showFlag(field: JQuery, value: unknown): void {
  field.prop('checked', value === true || value === 'true');
  if (typeof value !== 'string' || !isVariable(value)) return;
  const options = [value, 'true', 'false'].map((one) => $('<option>').val(one).text(one));
  field.replaceWith($('<select>', { id: field.attr('id') }).append(options));
}

function showProblem(node: EditorNode, name: string, validate: Validator): void {
  const field = fieldOf(node, name);
  if (field === undefined) return;
  const result = validate.call(node, field.val(), {});
  const id = `${field.attr('id')}-problem`;
  const row = field.closest('.form-row');
  row.find(`#${id}`).remove();
  // as a description too: what only `aria-errormessage` names is announced by few screen readers
  const descriptions = (field.attr('aria-describedby') ?? '')
    .split(' ')
    .filter((one) => one !== '' && one !== id);
  if (result !== true) descriptions.unshift(id);
  field.attr('aria-describedby', descriptions.join(' ') || null);
  field.removeAttr('aria-invalid aria-errormessage');
  if (result === true) return;
  field.attr({ 'aria-invalid': 'true', 'aria-errormessage': id });
  $('<div>', { id, class: 'websocket-plus-problem' }).text(result).appendTo(row);
}
