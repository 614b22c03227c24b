import { CLAIM_RULES, type ClaimRule } from '../../src/config/claim-rules.js';
import { nameRemoveButton } from '../dialog/remove-button-editor.js';
import { text } from '../dialog/text-editor.js';

/** Makes `list` edit what claims have to be, row by row. */
export function prepareClaims(list: JQuery, rules: unknown): void {
  list.editableList({
    addButton: text('button.add-claim'),
    height: 'auto',
    sortable: true,
    removable: true,
    addItem: (container: JQuery, _index: number, rule: Partial<ClaimRule>) => addRule(container, rule),
  });
  if (Array.isArray(rules)) list.editableList('addItems', rules);
}

/** The rules that stand in `list`; a row that is empty is none. */
export function readClaims(list: JQuery): ClaimRule[] {
  return list
    .editableList('items')
    .toArray()
    .map((row) => ({
      claim: String($(row).find('.websocket-plus-claim').val()).trim(),
      rule: CLAIM_RULES.find((one) => one === $(row).find('.websocket-plus-claim-rule').val()) ?? 'is',
      value: String($(row).find('.websocket-plus-claim-value').val()).trim(),
    }))
    .filter(({ claim, value }) => claim !== '' || value !== '');
}

function addRule(container: JQuery, { claim = '', rule = 'is', value = '' }: Partial<ClaimRule>): void {
  const row = $('<div>', { class: 'websocket-plus-header' }).appendTo(container);
  const field = (kind: string, label: string, held: string) =>
    $('<input>', { type: 'text', class: kind, 'aria-label': label, spellcheck: false })
      .css('width', '100%')
      .val(held)
      .appendTo(row);
  const name = field('websocket-plus-claim', text('label.claim-name'), claim);
  const kind = $('<select>', { class: 'websocket-plus-claim-rule', 'aria-label': text('label.claim-rule') })
    .css('width', '100%')
    .appendTo(row);
  for (const one of CLAIM_RULES)
    $('<option>')
      .val(one)
      .text(text(`option.claim-${one}`))
      .appendTo(kind);
  const wanted = field('websocket-plus-claim-value', text('label.claim-value'), value);
  const refresh = () => wanted.prop('hidden', kind.val() === 'exists');
  kind.val(rule).on('change', refresh);
  refresh();
  if (claim === '') name.trigger('focus');
  nameRemoveButton(container);
}
