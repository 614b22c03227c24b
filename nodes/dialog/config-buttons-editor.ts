import type { EditorNode } from './node-editor.js';

const TEXTS = { edit: 'editor.editConfig', add: 'editor.addNewConfig' } as const;

/**
 * Makes the buttons beside the lists of config nodes in `form` work without a mouse: the editor draws them as links that
 * lead nowhere, which Tab passes by and nothing names.
 * @returns refreshes them; to be called when a choice in the form has changed
 */
export function prepareConfigButtons(node: EditorNode, form: JQuery): () => void {
  const prefix = node._def.category === 'config' ? 'node-config-input' : 'node-input';
  const buttons: JQuery[] = [];
  for (const [name, { type }] of Object.entries(node._def.defaults)) {
    if (type === undefined) continue;
    for (const [what, text] of Object.entries(TEXTS)) {
      const button = form.find(`#${prefix}-btn-${name}-${what}`);
      button.attr({ role: 'button', 'aria-label': RED._(text, { type }) }).on('keydown', clickOnKey);
      buttons.push(button);
    }
  }
  return () => {
    for (const button of buttons) {
      const isDisabled = button.hasClass('disabled');
      button.attr({ tabindex: isDisabled ? '-1' : '0', 'aria-disabled': String(isDisabled) });
    }
  };
}

function clickOnKey(event: JQuery.KeyDownEvent): void {
  if (event.key !== 'Enter' && event.key !== ' ') return;
  if (event.ctrlKey || event.metaKey) return; // confirms the dialog
  event.preventDefault();
  $(event.currentTarget).trigger('click');
}
