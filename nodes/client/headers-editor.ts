import { nameRemoveButton } from '../dialog/remove-button-editor.js';
import { text } from '../dialog/text-editor.js';

/** An upgrade header as the built-in client node stores it. */
export interface Header {
  /** A well-known name, or `other`: the name is `keyValue`. */
  readonly keyType: string;
  readonly keyValue: string;
  /** `other`: the value is `valueValue`; `env`: that of the environment variable of this name. */
  readonly valueType: string;
  readonly valueValue: string;
}

const KNOWN_NAMES = ['Authorization', 'Cookie', 'Origin', 'User-Agent'];

/** Whether `value` is a header with a name that RFC 9110 §5.1 allows. */
export function isHeader(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { keyType, keyValue } = value as Partial<Header>;
  const name = keyType === 'other' ? keyValue : keyType;
  return typeof name === 'string' && isFieldName(name);
}

/** Makes `list` edit `headers`, row by row. */
export function prepareHeaders(list: JQuery, headers: unknown): void {
  list.editableList({
    addButton: text('button.add-header'),
    height: 'auto',
    sortable: true,
    removable: true,
    addItem: (container: JQuery, _index: number, header: Partial<Header>) => addHeader(container, header),
  });
  if (Array.isArray(headers)) list.editableList('addItems', headers);
}

/** The headers that stand in `list`; a row without a name is none. */
export function readHeaders(list: JQuery): Header[] {
  return list
    .editableList('items')
    .toArray()
    .map((row) => {
      const name = $(row).find('.websocket-plus-header-name');
      const value = $(row).find('.websocket-plus-header-value');
      return {
        keyType: name.typedInput('type'),
        keyValue: name.typedInput('value'),
        valueType: value.typedInput('type'),
        valueValue: value.typedInput('value'),
      };
    })
    .filter(({ keyType, keyValue }) => keyType !== 'other' || keyValue !== '');
}

function addHeader(container: JQuery, header: Partial<Header>): void {
  const row = $('<div>', { class: 'websocket-plus-header' }).appendTo(container);
  const other = { value: 'other', label: text('option.fixed'), icon: 'red/images/typedInput/az.svg' };
  // The editor shows a text that is returned as the reason; its types know booleans only.
  const validate = ((typed: string) =>
    typed === '' || isFieldName(typed) || text('errors.headers')) as unknown as (typed: string) => boolean;
  const name = $('<input>', {
    type: 'text',
    class: 'websocket-plus-header-name',
    style: 'width: 100%',
  }).appendTo(row);
  const value = $('<input>', {
    type: 'text',
    class: 'websocket-plus-header-value',
    style: 'width: 100%',
  }).appendTo(row);
  name.typedInput({
    types: [
      ...KNOWN_NAMES.map((known) => ({ value: known, label: known, hasValue: false })),
      { ...other, validate },
    ],
  });
  value.typedInput({ types: [other, 'env'] });
  fill(name, KNOWN_NAMES, header.keyType, header.keyValue);
  fill(value, ['env'], header.valueType, header.valueValue);
  row.find('.red-ui-typedInput-input').first().attr('aria-label', text('label.header-name'));
  row.find('.red-ui-typedInput-input').last().attr('aria-label', text('label.header-value'));
  nameRemoveButton(container);
}

function isFieldName(name: string): boolean {
  return /^[\w!#$%&'*+.^`|~-]+$/.test(name);
}

/** A type that is not one of the choices here is a fixed text of that name, as in the built-in node. */
function fill(field: JQuery, types: readonly string[], type = 'other', value = ''): void {
  const known = type === 'other' || types.includes(type);
  field.typedInput('type', known ? type : 'other');
  field.typedInput('value', known ? value : type);
}
