import { hasVariable } from '../../src/config/embedded-variables.js';
import { fullPath, pathProblem, requestPath } from '../../src/config/path.js';

/**
 * The address at which the peers of this editor's server find a listener, as far as a token is not part of it; empty
 * while the path cannot be served.
 */
export function socketAddress(path: string, takesToken: boolean): string {
  if (!hasVariable(path) && pathProblem(path) !== undefined) return '';
  const target = fullPath(RED.settings.httpNodeRoot || '/', path);
  return `${socketOrigin()}${hasVariable(path) ? target : requestPath(target)}${takesToken ? '?token=' : ''}`;
}

/** This editor's server as the origin of WebSocket addresses. */
export function socketOrigin(): string {
  return `${location.protocol === 'https:' ? 'wss:' : 'ws:'}//${location.host}`;
}
