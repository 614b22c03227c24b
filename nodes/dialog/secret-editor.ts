import { MIN_SECRET_BYTES } from '../../src/config/secret.js';
import { copyOnClick } from './copy-editor.js';

/** Where in a dialog a secret is, and what makes one; selectors. */
export interface SecretFields {
  readonly field: string;
  /** The list of encodings, where there is a choice. */
  readonly encoding?: string;
  readonly generate: string;
  /** Where a new one is shown. */
  readonly shown: string;
  readonly copy: string;
}

/**
 * Lets a button fill the secret's field with a new secret. It is shown until the dialog closes or the field is
 * changed by hand: the runtime never gives a password back.
 */
export function prepareSecret(fields: SecretFields): void {
  const field = $(fields.field);
  const shown = $(fields.shown);
  const row = shown.closest('.websocket-plus-new-secret');
  const copy = $(fields.copy);
  let made = '';
  $(fields.generate).on('click', (event) => {
    event.preventDefault();
    made = newSecret(fields.encoding === undefined ? '' : String($(fields.encoding).val()));
    shown.text(made);
    field.val(made).trigger('change');
    copy.trigger('focus');
  });
  field.on('input change', () => {
    row.prop('hidden', made === '' || field.val() !== made);
  });
  copyOnClick(copy, () => made);
}

/**
 * 32 random bytes, in the encoding that is chosen. Where that is UTF-8, or a variable, in base64url (RFC 4648 §5): it
 * survives any shell and any settings file.
 */
function newSecret(encoding: string): string {
  const bytes = crypto.getRandomValues(new Uint8Array(MIN_SECRET_BYTES));
  if (encoding === 'hex') return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  const base64 = btoa(String.fromCharCode(...bytes));
  return encoding === 'base64' ? base64 : base64.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}
