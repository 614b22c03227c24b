import { isAmount } from '../../src/config/amount.js';
import { jwksUriProblem } from '../../src/config/jwks-uri.js';
import { pathProblem, requestPath } from '../../src/config/path.js';
import { secretProblem } from '../../src/config/secret.js';
import type { EditorNode } from '../dialog/red-editor.js';
import type { Check } from '../dialog/validator-editor.js';
import { fieldOf, isVariable, passwordOf, type Read, STORED_PASSWORD } from '../dialog/values-editor.js';

/** Whether `name` has that value, or may have it at run time. */
export function may(read: Read, name: string, value: string): boolean {
  return read(name) === value || isVariable(read(name));
}

/** True where a connection has claims to read a tenant from. */
export function readsTenantClaim(read: Read): boolean {
  return may(read, 'tenantFrom', 'claim') && read('jwtValidation') !== 'none';
}

/** Rivals are looked for in the dialog only: nothing would take the mark off this listener when a rival is changed. */
export const checkPath: Check = (read, node) => {
  const problem = pathProblem(read('path'));
  if (problem !== undefined || fieldOf(node, 'path') === undefined) return problem;
  return hasRival(node, read('path')) ? 'path-taken' : undefined;
};

/** The editor runs no validators of credentials outside a dialog, so the method answers for its secret there. */
export const checkValidation: Check = (read, node) => {
  const mode = read('jwtValidation');
  if (mode !== 'hs256' && mode !== 'jwks' && mode !== 'none') return 'validation-unknown';
  return fieldOf(node, 'jwtSecret') === undefined ? checkSecret(read, node) : undefined;
};

export const checkSecret: Check = (read, node) => {
  const secret = passwordOf(node, 'jwtSecret');
  if (read('jwtValidation') !== 'hs256' || secret === undefined || secret === STORED_PASSWORD)
    return undefined;
  return isVariable(secret) ? undefined : secretProblem(secret);
};

export const checkJwksUri: Check = (read) =>
  read('jwtValidation') === 'jwks' ? jwksUriProblem(read('jwksUri')) : undefined;

export const checkTenantFrom: Check = (read) =>
  ['claim', 'static'].includes(read('tenantFrom')) ? undefined : 'tenant-source-unknown';

export const checkTenantClaim: Check = (read) =>
  read('tenantFrom') === 'claim' && readsTenantClaim(read) && read('tenantClaim').trim() === ''
    ? 'claim-missing'
    : undefined;

export const checkTenantId: Check = (read) =>
  read('tenantFrom') === 'static' && read('tenantId').trim() === '' ? 'tenant-missing' : undefined;

export const checkScope: Check = (read) =>
  ['tenant', 'session', 'global'].includes(read('routingScope')) ? undefined : 'scope-unknown';

export const checkExpiry: Check = (read) =>
  ['disconnect', 'allow'].includes(read('authExpiry')) ? undefined : 'expiry-unknown';

export const checkTimeout: Check = (read) => (isAmount(read('timeout')) ? undefined : 'timeout');

export const checkRateLimit: Check = (read) => (isAmount(read('rateLimit')) ? undefined : 'rate-limit');

export const checkMaxConnections: Check = (read) =>
  isAmount(read('maxConnections')) ? undefined : 'max-connections';

export const checkMaxPayload: Check = (read) =>
  /^\s*(?:0*[1-9]\d*)?\s*$/.test(read('maxPayload')) ? undefined : 'max-payload';

function hasRival(node: EditorNode, path: string): boolean {
  let found = false;
  RED.nodes.eachConfig(({ id, type, d, path: other }) => {
    if (id === node.id || d === true || typeof other !== 'string') return;
    if (type !== 'websocket-plus-listener' && type !== 'websocket-listener') return;
    found ||= relativePath(other) === relativePath(path);
  });
  return found;
}

function relativePath(path: string): string {
  return requestPath(path.replace(/^\//, ''));
}
