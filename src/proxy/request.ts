import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { TcpSocketConnectOpts } from 'node:net';
import type { ConnectionOptions } from 'node:tls';
import { createProxyAgent } from './proxy-agent.js';
import { proxyAuthorization, withoutCredentials } from './proxy-credentials.js';
import { verifyName } from './verify-name.js';

/** One HTTP request. Headers and body may hold secrets: nothing of them gets into an error. */
export interface OutgoingRequest {
  readonly method: 'GET' | 'POST';
  readonly url: URL;
  /** Names in small letters, with a `user-agent`, which a proxy is told, too. */
  readonly headers: Readonly<Record<string, string>> & { readonly 'user-agent': string };
  /** Absent: none. */
  readonly body?: string;
  /** For an `https:` URL; of no effect on others, nor on a proxy. */
  readonly tls: ConnectionOptions;
  readonly proxy: URL | undefined;
  readonly signal: AbortSignal;
}

/** A proxy that did not let a request pass. */
export class ProxyRefused extends Error {
  /** HTTP status. */
  readonly status: number;

  constructor(status: number) {
    super(`proxy ${status}`);
    this.name = 'ProxyRefused';
    this.status = status;
  }
}

type SendOptions = RequestOptions &
  Pick<TcpSocketConnectOpts, 'autoSelectFamily' | 'autoSelectFamilyAttemptTimeout'>;

/** Each address of a server gets so long before the next is tried; Node's 250 ms are less than a far one needs. */
const ADDRESS_TIMEOUT_MS = 2000;

/**
 * Sends a request directly or through a proxy, as curl does: with CONNECT to an `https:` URL, and by handing the whole URL
 * to the proxy of an `http:` one. Redirects are not followed.
 * @throws ProxyRefused; what Node throws where there is no answer
 */
export async function sendRequest(outgoing: OutgoingRequest): Promise<IncomingMessage> {
  const { method, url, headers, body, tls, proxy, signal } = outgoing;
  const isSecure = url.protocol === 'https:';
  const options: SendOptions = {
    method,
    agent: false, // a connection a request, none kept open in between
    signal,
    autoSelectFamily: true,
    autoSelectFamilyAttemptTimeout: ADDRESS_TIMEOUT_MS,
    headers: { ...headers },
    ...(isSecure ? tls : {}),
  };
  if (proxy === undefined) return send(url, options, body);
  if (!isSecure) return forward(proxy, url, options, body);
  const agent = await createProxyAgent(proxy, true, signal, {
    headers: { 'User-Agent': headers['user-agent'] },
    addressTimeoutMs: ADDRESS_TIMEOUT_MS,
  });
  return send(url, { ...verifyName(tls.servername ?? url.hostname), ...options, agent }, body);
}

/** RFC 9112 §3.2.2. */
async function forward(
  proxy: URL,
  target: URL,
  options: SendOptions,
  body: string | undefined,
): Promise<IncomingMessage> {
  const response = await send(
    withoutCredentials(proxy),
    {
      ...options,
      path: `${target.origin}${target.pathname}${target.search}`,
      headers: { ...options.headers, host: target.host, ...proxyAuthorization(proxy) },
    },
    body,
  );
  if (response.statusCode !== 407) return response;
  response.destroy();
  throw new ProxyRefused(407);
}

function send(url: URL, options: SendOptions, body: string | undefined): Promise<IncomingMessage> {
  const request = url.protocol === 'https:' ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const sent = request(url, options, resolve).on('error', reject);
    // what a proxy says that opens no tunnel comes as if the server had said it
    sent.once('proxyConnect', ({ statusCode }: { readonly statusCode: number }) => {
      if (statusCode !== 200) sent.destroy(new ProxyRefused(statusCode));
    });
    sent.end(body);
  });
}
