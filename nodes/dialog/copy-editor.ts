import { textKey } from '../catalog.js';

/** Makes `button` put onto the clipboard what `read` returns at the click. */
export function copyOnClick(button: JQuery, read: () => string): void {
  button.on('click', (event) => {
    event.preventDefault();
    RED.clipboard.copyText(read(), button, textKey('message.copied'));
  });
}
