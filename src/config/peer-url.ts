import type { ConfigurationProblem } from './codes.js';
import { isPlainHttp } from './jwks-uri.js';

/**
 * A URL that a client connects to, as it may be shown: without its query, and without name and password. Variables inside of
 * it stay as they are. Undefined where it is no such URL.
 */
export function shownUrl(url: string): string | undefined {
  const [, scheme, rest = ''] = /^\s*(wss?:\/\/)(?:[^/\\?#]*@)?([^?#\s]*)/i.exec(url) ?? [];
  // an @ that is left may stand behind a password with a slash in it
  return scheme === undefined || rest.includes('@') ? undefined : scheme + rest;
}

/**
 * Says what is wrong with the URL that a client connects to, or undefined.
 * A fragment is never part of a WebSocket URL (RFC 6455 §3).
 * @param addsToken whether the client will append its own `token`; one in the URL would then be a second one.
 */
export function urlProblem(url: string, addsToken: boolean): ConfigurationProblem | undefined {
  if (url.trim() === '') return 'url-missing';
  if (!URL.canParse(url)) return 'url-invalid';
  const { protocol, hash, searchParams } = new URL(url);
  if ((protocol !== 'ws:' && protocol !== 'wss:') || hash !== '') return 'url-invalid';
  if (addsToken && searchParams.has('token')) return 'url-has-token';
  return undefined;
}

/** Whether what is sent to this URL can be read on the way: without TLS, and to another machine. */
export function isReadable(url: string): boolean {
  return isPlainHttp(url.replace(/^ws/i, 'http'));
}
