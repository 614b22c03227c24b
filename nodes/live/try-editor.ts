/** The part of a dialog that is to be shown when it opens, until it does. */
let wanted: { readonly id: string; readonly tab: string } | undefined;

/** Opens the dialog of a listener where tokens are tried. */
export function tryToken(listener: string): void {
  wanted = { id: listener, tab: 'trial' };
  RED.editor.editConfig('', 'websocket-plus-listener', listener);
}

/** To be called by a dialog that is made: shows the part of it that was asked for. */
export function showWantedTab({ id }: { readonly id: string }): void {
  if (wanted?.id === id) $(`#websocket-plus-tab-${wanted.tab}-label`).trigger('click');
  wanted = undefined;
}
