import { ROUTING_SCOPES, type RoutingScope } from '../../src/config/listener-schema.js';
import { text } from '../dialog/text-editor.js';
import type { Plan } from './plan.js';

/** The part of jQuery UI's dialog that is used here; @types/node-red does not declare it. */
interface Dialog {
  dialog(options: Readonly<Record<string, unknown>>): void;
  dialog(command: 'close' | 'destroy'): void;
}

/** The scope of each listener, by its id. */
export type Scopes = ReadonlyMap<string, RoutingScope>;

/**
 * Says what `plan` changes and asks who shall receive the messages of the converted listeners.
 * @param onAgree called once, when the user agrees
 */
export function askScopes(plan: Plan, onAgree: (scopes: Scopes) => void): void {
  const body = $($('#websocket-plus-convert-template').html().trim());
  // jQuery UI adds `dialog` to jQuery's prototype.
  const dialog = body as unknown as Dialog;
  const counts: Readonly<Record<string, number>> = {
    nodes: plan.nodes.length,
    added: plan.added,
    listeners: countType(plan, 'websocket-listener'),
    clients: countType(plan, 'websocket-client'),
    locked: plan.locked,
    shared: plan.shared,
  };

  body.find('[data-i18n]').each((_index, part) => {
    part.textContent = text(part.getAttribute('data-i18n') ?? '');
  });
  body.find('#websocket-plus-convert-what').text(text(plan.isSelection ? 'convert.selected' : 'convert.all'));
  body.find('[data-count]').each((_index, row) => {
    const count = counts[row.getAttribute('data-count') ?? ''] ?? 0;
    row.hidden = count === 0;
    $(row).find('td').text(count);
  });
  body.find('[data-when]').prop('hidden', counts.listeners === 0);
  body.find('[data-proposal]').each((_index, row) => propose($(row), plan));

  dialog.dialog({
    title: text('convert.title'),
    modal: true,
    appendTo: '#red-ui-editor',
    width: Math.min(600, window.innerWidth - 20),
    resizable: false,
    classes: {
      'ui-dialog': 'red-ui-editor-dialog',
      'ui-dialog-titlebar-close': 'hide',
      'ui-widget-overlay': 'red-ui-editor-dialog',
    },
    buttons: [
      {
        id: 'websocket-plus-convert-cancel',
        text: text('button.cancel'),
        click: () => dialog.dialog('close'),
      },
      {
        id: 'websocket-plus-convert-agree',
        class: 'primary',
        text: text('button.convert'),
        click: () => {
          const chosen = chosenScopes(body, plan);
          dialog.dialog('close');
          onAgree(chosen);
        },
      },
    ],
    close: () => {
      // in the next turn: the editor looks at the place of a key, Escape, after jQuery UI has closed the dialog with it
      setTimeout(() => {
        dialog.dialog('destroy');
        body.remove();
      });
      RED.view.focus();
    },
  });
}

/** Fills the row that asks about the listeners with one proposal; hides it where there are none. */
function propose(row: JQuery, plan: Plan): void {
  const proposal = row.data('proposal');
  const paths = plan.configs.filter(({ id }) => plan.proposals.get(id) === proposal).map(({ path }) => path);
  const scope = row.find('select').val(proposal);
  const showHint = () => row.find('.websocket-plus-hint').text(text(`convert.${scope.val()}`));
  scope.on('change', showHint);
  showHint();
  row.prop('hidden', paths.length === 0);
  row.find('b').text(paths.join(', '));
}

function chosenScopes(body: JQuery, plan: Plan): Scopes {
  const chosen = (proposal: RoutingScope) => body.find(`[data-proposal="${proposal}"] select`).val();
  return new Map([...plan.proposals].map(([id, proposal]) => [id, scopeOf(chosen(proposal)) ?? proposal]));
}

function countType(plan: Plan, type: string): number {
  return plan.configs.filter((config) => config.type === type).length;
}

function scopeOf(value: unknown): RoutingScope | undefined {
  return ROUTING_SCOPES.find((one) => one === value);
}
