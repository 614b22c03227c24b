/** Names the button by which a row of an editable list is removed: the editor draws an icon alone. */
export function nameRemoveButton(row: JQuery): void {
  const button = row.parent().find('.red-ui-editableList-item-remove');
  button.attr('aria-label', RED._('editor:common.label.delete'));
}
