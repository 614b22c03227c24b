/** Makes Enter in `fields` press `button`. Ctrl-Enter stays what it is to the editor, and Shift-Enter a new line. */
export function pressOnEnter(fields: JQuery, button: JQuery): void {
  fields.on('keydown', (event) => {
    if (event.key !== 'Enter' || event.originalEvent?.isComposing) return;
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    event.preventDefault();
    button.trigger('click');
  });
}
