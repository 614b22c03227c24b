import type { IncomingMessage } from 'node:http';
import type { ConnectionOptions } from 'node:tls';
import { type ProxySettings, proxyFor } from '../proxy/proxy.js';
import { ProxyRefused, sendRequest } from '../proxy/request.js';
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

/**
 * Asks for a document with GET, directly or through the proxy that is named for its URL.
 * @throws JwksError where the proxy refuses; ConfigurationError; what Node throws where there is no answer
 */
export async function requestKeys(
  uri: string,
  { proxy = {}, tls = {}, authorization, asking }: KeyRoute,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  asking?.(uri);
  const headers = {
    // the last is for servers that answer 406 to what they have never heard of
    accept: 'application/jwk-set+json, application/json, */*;q=0.5',
    'accept-encoding': ACCEPTED_ENCODINGS,
    'user-agent': userAgent(),
    ...(authorization === undefined ? {} : { authorization }),
  };
  const way = { tls, proxy: proxyFor(uri, proxy), signal };
  try {
    return await sendRequest({ method: 'GET', url: new URL(uri), headers, ...way });
  } catch (error) {
    if (error instanceof ProxyRefused) throw new JwksError('jwks-proxy', error.status);
    throw error;
  }
}
