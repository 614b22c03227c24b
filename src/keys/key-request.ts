import { get as httpGet, type IncomingMessage, type RequestOptions } from 'node:http';
import { get as httpsGet } from 'node:https';
import type { TcpSocketConnectOpts } from 'node:net';
import type { ConnectionOptions } from 'node:tls';
import { type ProxySettings, proxyFor } from '../proxy/proxy.js';
import { createProxyAgent } from '../proxy/proxy-agent.js';
import { proxyAuthorization, withoutCredentials } from '../proxy/proxy-credentials.js';
import { verifyName } from '../proxy/verify-name.js';
import { ACCEPTED_ENCODINGS } from './content-encoding.js';
import { JwksError } from './jwks-error.js';
import { userAgent } from './user-agent.js';

/** The way to the server of a key set. Both may hold secrets. */
export interface KeyRoute {
  /** Absent: the environment alone names proxies. */
  readonly proxy?: ProxySettings | undefined;
  /** For an `https:` URL; of no effect on others, nor on a proxy. */
  readonly tls?: ConnectionOptions | undefined;
  /** The field `Authorization` (RFC 9110 §11.6.2), for the server alone; absent: none. */
  readonly authorization?: string | undefined;
  /** Told of each address before it is asked. */
  readonly asking?: ((uri: string) => void) | undefined;
}

type GetOptions = RequestOptions &
  Pick<TcpSocketConnectOpts, 'autoSelectFamily' | 'autoSelectFamilyAttemptTimeout'>;

/** Each address of a server gets so long before the next is tried; Node's 250 ms are less than a far one needs. */
const ADDRESS_TIMEOUT_MS = 2000;

/**
 * Asks for a document with GET, directly or through the proxy that is named for its URL, as curl does: with CONNECT to an
 * `https:` one, and by handing the whole URL to the proxy of an `http:` one.
 * @throws JwksError where the proxy refuses; ConfigurationError; what Node throws where there is no answer
 */
export async function requestKeys(
  uri: string,
  { proxy: settings = {}, tls = {}, authorization, asking }: KeyRoute,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  asking?.(uri);
  const target = new URL(uri);
  const isSecure = target.protocol === 'https:';
  const proxy = proxyFor(uri, settings);
  const options = { ...optionsFor(signal, authorization), ...(isSecure ? tls : {}) };
  if (proxy === undefined) return send(target, options);
  if (!isSecure) return forward(proxy, target, options);
  const agent = await createProxyAgent(proxy, true, signal, {
    headers: { 'User-Agent': userAgent() },
    addressTimeoutMs: ADDRESS_TIMEOUT_MS,
  });
  return send(target, { ...verifyName(tls.servername ?? target.hostname), ...options, agent });
}

function optionsFor(signal: AbortSignal, authorization: string | undefined): GetOptions {
  return {
    agent: false, // a connection a fetch, none kept open in between
    signal,
    autoSelectFamily: true,
    autoSelectFamilyAttemptTimeout: ADDRESS_TIMEOUT_MS,
    headers: {
      // the last is for servers that answer 406 to what they have never heard of
      accept: 'application/jwk-set+json, application/json, */*;q=0.5',
      'accept-encoding': ACCEPTED_ENCODINGS,
      'user-agent': userAgent(),
      ...(authorization === undefined ? {} : { authorization }),
    },
  };
}

/** RFC 9112 §3.2.2. */
async function forward(proxy: URL, target: URL, options: GetOptions): Promise<IncomingMessage> {
  const response = await send(withoutCredentials(proxy), {
    ...options,
    path: `${target.origin}${target.pathname}${target.search}`,
    headers: { ...options.headers, host: target.host, ...proxyAuthorization(proxy) },
  });
  if (response.statusCode !== 407) return response;
  response.destroy();
  throw new JwksError('jwks-proxy', 407);
}

function send(url: URL, options: GetOptions): Promise<IncomingMessage> {
  const get = url.protocol === 'https:' ? httpsGet : httpGet;
  return new Promise((resolve, reject) => {
    const request = get(url, options, resolve).on('error', reject);
    // what a proxy says that opens no tunnel comes as if the server had said it
    request.once('proxyConnect', ({ statusCode }: { readonly statusCode: number }) => {
      if (statusCode !== 200) request.destroy(new JwksError('jwks-proxy', statusCode));
    });
  });
}
