import type { ConfigurationProblem } from './codes.js';

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
