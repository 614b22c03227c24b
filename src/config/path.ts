import type { ConfigurationProblem } from './codes.js';

/**
 * Says what is wrong with a listener's path, or undefined.
 * `/debug/ws` belongs to Node-RED's debug sidebar (the built-in listener refuses it too); a query or a fragment is
 * never part of a path (RFC 6455 §3). A parameter's name that stands twice would have two values.
 */
export function pathProblem(path: string): ConfigurationProblem | undefined {
  const relative = path.replace(/^\//, '');
  if (relative.trim() === '') return 'path-missing';
  if (/[?#\s\p{Cc}\p{Cs}\\]/u.test(relative)) return 'path-syntax';
  if (requestPath(relative).startsWith('debug/ws')) return 'path-reserved';
  const names = parameterNames(relative);
  return new Set(names).size === names.length ? undefined : 'path-syntax';
}

/** Joins `httpNodeRoot` and a listener's path as Node-RED's 22-websocket.js does. */
export function fullPath(httpNodeRoot: string, path: string): string {
  const root = httpNodeRoot.endsWith('/') ? httpNodeRoot : `${httpNodeRoot}/`;
  return root + path.replace(/^\//, '');
}

/** The path as it stands in a request line, normalised: what RFC 3986 does not allow there is percent-encoded. */
export function requestPath(path: string): string {
  // encodeURI throws on half a surrogate pair
  const encoded = encodeURI(path.replace(/\p{Cs}/gu, '\uFFFD'));
  return normalisedPath(encoded.replace(/%25([0-9a-f]{2})/gi, '%$1'));
}

/**
 * One spelling for all that RFC 3986 §6.2.2 calls equivalent: capital hex digits, and unreserved characters as they are. What
 * separates, `%2F` above all, stays encoded.
 */
export function normalisedPath(path: string): string {
  if (!path.includes('%')) return path;
  return path.replace(/%([0-9a-f]{2})/gi, (triplet, digits: string) => {
    const character = String.fromCharCode(Number.parseInt(digits, 16));
    return /[\w.~-]/.test(character) ? character : triplet.toUpperCase();
  });
}

/** A whole segment `:name` stands for any one segment. */
const PARAMETER = /^:([a-z_][\w-]*)$/i;

/** Stands for a parameter in a shape: these characters are percent-encoded in a request line. */
export const ANY_SEGMENT = '{}';

/** What a path has in common with all that differ from it in the names of their parameters only. */
export function pathShape(path: string): string {
  const segments = path.split('/');
  return segments.map((segment) => (PARAMETER.test(segment) ? ANY_SEGMENT : segment)).join('/');
}

/** The names of a path's parameters, in their order. */
export function parameterNames(path: string): readonly string[] {
  return path.split('/').flatMap((segment) => PARAMETER.exec(segment)?.[1] ?? []);
}
