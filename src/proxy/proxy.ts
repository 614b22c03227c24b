import { getProxyForUrl } from 'proxy-from-env';
import { ConfigurationError } from '../config/codes.js';
import { isExempt } from './no-proxy.js';

/** `proxyOptions` of settings.js; each value that is absent or empty is the environment's. */
export interface ProxySettings {
  readonly https_proxy?: unknown;
  readonly http_proxy?: unknown;
  /** Hosts separated by commas or white space, or an array of them. */
  readonly no_proxy?: unknown;
}

/**
 * Finds the proxy for a `ws:` or `wss:` URL: the http proxy for the one, the https proxy for the other.
 * @throws ConfigurationError `proxy-invalid`: what is configured is no `http:` or `https:` URL
 */
export function proxyFor(url: string, settings: ProxySettings): URL | undefined {
  const target = new URL(url.replace(/^ws/i, 'http')); // environments name proxies of http and https, none of ws
  const name = target.protocol === 'https:' ? 'https_proxy' : 'http_proxy';
  const configured = textOf(settings[name]);
  const exempt = textOf(settings.no_proxy);
  const proxy = configured || environment(name) || environment('all_proxy');
  if (proxy === '') return undefined;
  const direct =
    configured === '' && exempt === ''
      ? getProxyForUrl(target) === ''
      : isExempt(target, exempt || environment('no_proxy'));
  return direct ? undefined : parse(proxy);
}

function textOf(value: unknown): string {
  const text = Array.isArray(value) ? value.join(',') : value;
  return typeof text === 'string' ? text.trim() : '';
}

/** Lower case first, as proxy-from-env does. */
function environment(name: string): string {
  return process.env[name] || process.env[name.toUpperCase()] || '';
}

/** An address without a scheme is an http proxy, as in curl; proxy-from-env would take the target's scheme for it. */
function parse(proxy: string): URL {
  const address = proxy.includes('://') ? proxy : `http://${proxy}`;
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:') throw new ConfigurationError('proxy-invalid');
  return url;
}
