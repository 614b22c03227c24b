import type { Agent } from 'node:http';
import { proxyAuthorization, withoutCredentials } from './proxy-credentials.js';

let loaded: Promise<typeof import('https-proxy-agent')> | undefined;

/**
 * Makes an agent that reaches its target through `proxy` with CONNECT (RFC 9110 §9.3.6).
 * @param secure whether TLS is spoken with the target
 * @param signal ends a connection to a proxy that has not answered yet: nobody else can get at its socket
 * @param options what the proxy is told besides, and how long each of its addresses is tried (absent: Node's default)
 */
export async function createProxyAgent(
  proxy: URL,
  secure: boolean,
  signal: AbortSignal,
  options: { readonly headers?: Record<string, string>; readonly addressTimeoutMs?: number } = {},
): Promise<Agent> {
  loaded ??= import('https-proxy-agent'); // an ES module, as jose is
  const { HttpsProxyAgent } = await loaded;
  const { headers = {}, addressTimeoutMs } = options;
  const agent = new HttpsProxyAgent(withoutCredentials(proxy), {
    signal,
    headers: { ...headers, ...proxyAuthorization(proxy) },
    ...(addressTimeoutMs === undefined ? {} : { autoSelectFamilyAttemptTimeout: addressTimeoutMs }),
  });
  // else it guesses from the call stack, and sends the token in clear text where Error.stackTraceLimit is small
  agent.isSecureEndpoint = () => secure;
  return agent;
}
