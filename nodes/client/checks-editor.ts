import type { PropertyCheck } from '../dialog/validator-editor.js';
import { isHeader } from './headers-editor.js';

export const checkHeaders: PropertyCheck = (_read, node) => {
  const headers: unknown = node.headers;
  return headers === undefined || (Array.isArray(headers) && headers.every(isHeader)) ? undefined : 'headers';
};
