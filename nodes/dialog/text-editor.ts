import { textKey } from '../catalog.js';

/** A text of this package's catalog in the editor's language. */
export function text(key: string, values?: Readonly<Record<string, unknown>>): string {
  return RED._(textKey(key), values);
}
