import { fullPath, pathProblem, requestPath } from '../../src/transport/path.js';
import { isVariable } from '../values-editor.js';

/**
 * The address at which the peers of this editor's server find a listener, as far as a token is not part of it; empty
 * while the path cannot be served.
 */
export function socketAddress(path: string, takesToken: boolean): string {
  if (pathProblem(path) !== undefined) return '';
  const origin = `${location.protocol === 'https:' ? 'wss:' : 'ws:'}//${location.host}`;
  const target = fullPath(RED.settings.httpNodeRoot || '/', path);
  return `${origin}${isVariable(path) ? target : requestPath(target)}${takesToken ? '?token=' : ''}`;
}
