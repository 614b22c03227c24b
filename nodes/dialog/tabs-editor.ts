import { text } from './text-editor.js';

interface Tab {
  /** Also the id of its panel. */
  readonly id: string;
  readonly label: string;
  readonly panel: JQuery;
}

/**
 * Divides a dialog into the tabs that its list `.websocket-plus-tabs` names: an entry is the label of a tab and has in
 * `data-tab` the name that the parts of the dialog have which belong there. The first one is shown. A dialog without such a
 * list stays whole.
 * @returns marks the tabs in which something is wrong; to be called when that may have changed
 */
export function prepareTabs(form: JQuery): () => void {
  const list = form.find('.websocket-plus-tabs');
  const tabs = list.children().get().map(readTab);
  if (tabs.length === 0) return () => {};
  for (const { panel } of tabs) list.parent().append(panel);

  const bar = RED.tabs.create({ element: list.empty(), onchange: ({ id }) => show(list, tabs, id) });
  for (const { id, label } of tabs) bar.addTab({ id, label });
  list.attr('role', 'tablist').children().attr('role', 'presentation');
  for (const { id, panel } of tabs) {
    linkOf(list, id)
      .attr({ id: `${id}-label`, role: 'tab', 'aria-controls': id })
      .on('click', () => bar.activateTab(id)) // the editor itself listens to the mouse's buttons only
      .on('keydown', (event) => moveOnKey(event, tabs, id));
    panel.attr('aria-labelledby', `${id}-label`);
  }
  show(list, tabs, tabs[0]?.id);
  return () => {
    for (const { id, panel } of tabs) mark(linkOf(list, id), panel.find('[aria-invalid="true"]').length > 0);
  };
}

function readTab(entry: HTMLElement): Tab {
  const name = entry.dataset.tab ?? '';
  const id = `websocket-plus-tab-${name}`;
  const parts = $(entry).parent().siblings(`[data-tab="${name}"]`);
  const label = RED._(entry.dataset.i18n ?? ''); // the editor translates a form after it was prepared
  return { id, label, panel: $('<div>', { id, role: 'tabpanel' }).append(parts) };
}

function linkOf(list: JQuery, id: string): JQuery {
  return list.find(`a[href="#${id}"]`);
}

function show(list: JQuery, tabs: readonly Tab[], shown: string | undefined): void {
  for (const { id, panel } of tabs) {
    panel.prop('hidden', id !== shown);
    linkOf(list, id).attr({ 'aria-selected': String(id === shown), tabindex: id === shown ? '0' : '-1' });
  }
}

/** The keys of the ARIA pattern for tabs. */
function moveOnKey(event: JQuery.KeyDownEvent, tabs: readonly Tab[], from: string): void {
  if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
  const at = tabs.findIndex(({ id }) => id === from);
  const moves: Readonly<Record<string, number>> = {
    ArrowLeft: (at || tabs.length) - 1,
    ArrowRight: (at + 1) % tabs.length,
    Home: 0,
    End: tabs.length - 1,
    ' ': at,
  };
  const to = tabs[moves[event.key] ?? -1];
  if (to === undefined) return;
  event.preventDefault();
  $(`#${to.id}-label`).trigger('click').trigger('focus');
}

function mark(link: JQuery, isWrong: boolean): void {
  if (link.find('.websocket-plus-mark').length === Number(isWrong)) return;
  link.find('.websocket-plus-mark').remove();
  if (!isWrong) return;
  const words = text('message.to-correct');
  $('<i>', {
    class: 'fa fa-exclamation-triangle websocket-plus-mark',
    role: 'img',
    'aria-label': words,
  }).appendTo(link);
}
