import type { DialogProblem } from '../../src/config/codes.js';
import { isVariable } from '../../src/config/properties.js';
import type { EditorNode, Validator } from './node-editor.js';
import { text } from './text-editor.js';
import { type Read, readerOf } from './values-editor.js';

/** Says what is wrong with a property, or undefined. */
export type PropertyCheck = (read: Read, node: EditorNode) => DialogProblem | undefined;

/**
 * Node-RED's validator for the property `name`: tells the first problem that `checks` find. A value that the runtime
 * substitutes is not judged. The text may quote the value as `__<name>__`.
 */
export function validator(name: string, ...checks: readonly PropertyCheck[]): Validator {
  return function (this: EditorNode, _value, _options) {
    const read = readerOf(this);
    if (isVariable(read(name))) return true;
    for (const check of checks) {
      const code = check(read, this);
      if (code !== undefined) return text(`errors.${code}`, { [name]: read(name) });
    }
    return true;
  };
}
