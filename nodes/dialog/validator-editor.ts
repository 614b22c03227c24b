import type { EditorNode, Validator } from './red-editor.js';
import { text } from './text-editor.js';
import { isVariable, type Read, readerOf } from './values-editor.js';

/** Says what is wrong with a property by the code of its text in the catalog (`errors.<code>`), or undefined. */
export type Check = (read: Read, node: EditorNode) => string | undefined;

/**
 * Node-RED's validator for the property `name`; a value that the runtime substitutes is not judged.
 * The text may quote the value as `__<name>__`.
 */
export function validator(name: string, check: Check): Validator {
  return function (this: EditorNode, _value, _options) {
    const read = readerOf(this);
    if (isVariable(read(name))) return true;
    const code = check(read, this);
    return code === undefined ? true : text(`errors.${code}`, { [name]: read(name) });
  };
}
