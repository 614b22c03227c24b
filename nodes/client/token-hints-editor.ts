import { recognise } from '../../src/trial/recognise.js';
import type { Conditions } from '../dialog/dialog-editor.js';
import type { Read } from '../dialog/values-editor.js';

/** When the hints at the field for a token apply: what no token has in it, of whatever kind it is. */
export const TOKEN_HINTS: Conditions = {
  'token-bearer': (read) => mistakeIn(read) === 'bearer',
  'token-quotes': (read) => mistakeIn(read) === 'quotes',
  'token-space': (read) => mistakeIn(read) === 'space',
};

/** White space around it is dropped when it is used. */
function mistakeIn(read: Read): string | undefined {
  return recognise(read('jwt').trim());
}
