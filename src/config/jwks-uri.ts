import type { ConfigurationProblem } from './codes.js';

/** Says what is wrong with the address of a key set, or undefined. */
export function jwksUriProblem(uri: string): ConfigurationProblem | undefined {
  const url = parse(uri);
  // a password in it would stand in every exported flow
  return url === undefined || url.username !== '' || url.password !== '' ? 'jwks-uri' : undefined;
}

/** True where the keys would cross a network unprotected: `http:`, and the host is not this machine. */
export function isPlainHttp(uri: string): boolean {
  const url = parse(uri);
  return url?.protocol === 'http:' && !isLoopback(url.hostname);
}

function parse(uri: string): URL | undefined {
  if (!URL.canParse(uri)) return undefined;
  const url = new URL(uri);
  return url.protocol === 'https:' || url.protocol === 'http:' ? url : undefined;
}

/** RFC 6761 §6.3, RFC 1122 §3.2.1.3, RFC 4291 §2.5.3; `hostname` as the URL standard writes it. */
function isLoopback(hostname: string): boolean {
  return /^(?:localhost|.+\.localhost|127(?:\.\d+){3}|\[::1\])$/.test(hostname);
}
