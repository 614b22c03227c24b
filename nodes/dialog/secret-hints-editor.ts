import { hasSpaceAround, seemingEncoding } from '../../src/config/mistaken-setting.js';
import type { Conditions } from './dialog-editor.js';

/** When the hints at a field for a secret apply. @param secret name of its credential @param encoding of how it is written */
export function secretHints(secret: string, encoding: string): Conditions {
  return {
    'secret-base64': (read) => read(encoding) === 'utf8' && seemingEncoding(read(secret)) === 'base64',
    'secret-hex': (read) => read(encoding) === 'utf8' && seemingEncoding(read(secret)) === 'hex',
    'secret-space': (read) => hasSpaceAround(read(secret)),
  };
}
