import type { ConfigurationProblem } from './codes.js';

/**
 * Says what is wrong with a listener's path, or undefined.
 * `/debug/ws` belongs to Node-RED's debug sidebar (the built-in listener refuses it too); a query or a fragment is
 * never part of a path (RFC 6455 §3).
 */
export function pathProblem(path: string): ConfigurationProblem | undefined {
  const relative = path.replace(/^\//, '');
  if (relative.trim() === '') return 'path-missing';
  if (relative.startsWith('debug/ws')) return 'path-reserved';
  if (/[?#\s\p{Cc}\\]/u.test(relative)) return 'path-syntax';
  return undefined;
}

/** Joins `httpNodeRoot` and a listener's path as Node-RED's 22-websocket.js does. */
export function fullPath(httpNodeRoot: string, path: string): string {
  const root = httpNodeRoot.endsWith('/') ? httpNodeRoot : `${httpNodeRoot}/`;
  return root + path.replace(/^\//, '');
}

/** The path as it stands in a request line: what RFC 3986 does not allow there is percent-encoded. */
export function requestPath(path: string): string {
  return encodeURI(path).replace(/%25([0-9a-f]{2})/gi, '%$1');
}
