import { isAmount } from '../../src/config/amount.js';
import { urlProblem } from '../../src/config/peer-url.js';
import type { Check } from '../dialog/validator-editor.js';
import { fieldOf, passwordOf } from '../dialog/values-editor.js';
import { isHeader } from './headers-editor.js';

export const checkUrl: Check = (read) => urlProblem(read('path'), read('authMode') === 'jwt');

/** The editor runs no validators of credentials outside a dialog, so the mode answers for its token there. */
export const checkAuthMode: Check = (read, node) => {
  const mode = read('authMode');
  if (mode !== 'jwt' && mode !== 'none') return 'auth-unknown';
  return fieldOf(node, 'jwt') === undefined ? checkToken(read, node) : undefined;
};

export const checkToken: Check = (read, node) =>
  read('authMode') === 'jwt' && passwordOf(node, 'jwt')?.trim() === '' ? 'jwt-missing' : undefined;

export const checkHeartbeat: Check = (read) => (isAmount(read('hb')) ? undefined : 'heartbeat');

export const checkHeaders: Check = (_read, node) => {
  const headers: unknown = node.headers;
  return headers === undefined || (Array.isArray(headers) && headers.every(isHeader)) ? undefined : 'headers';
};
