import { text } from '../dialog/text-editor.js';

/**
 * Asks once, in place of the buttons in `bar`.
 * @param button the name of the text that agrees
 */
export function confirmIn(bar: JQuery, question: string, button: string, onAgree: () => void): void {
  const asked = document.activeElement; // what is hidden loses the focus
  const hidden = bar.children().filter(':visible').prop('hidden', true);
  const box = $('<div>', { class: 'websocket-plus-confirm', role: 'group', 'aria-label': question });
  const close = () => {
    box.remove();
    hidden.prop('hidden', false);
    if (asked instanceof HTMLElement && asked.isConnected) asked.focus();
  };
  const cancel = smallButton('button.cancel').on('click', close);
  const agree = smallButton(button)
    .addClass('websocket-plus-danger')
    .on('click', () => {
      close();
      onAgree();
    });
  box.append($('<p>').text(question), agree, cancel).appendTo(bar);
  box.on('keydown', (event) => {
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    close();
  });
  cancel.trigger('focus');
}

/** @param label the name of its text @param icon of Font Awesome */
export function smallButton(label: string, icon?: string): JQuery {
  const button = $('<button>', { type: 'button', class: 'red-ui-button red-ui-button-small' });
  if (icon !== undefined) button.append($('<i>', { class: `fa ${icon}`, 'aria-hidden': 'true' }), ' ');
  return button.append($('<span>').text(text(label)));
}
