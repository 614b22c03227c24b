import type { Agent } from 'node:http';
import { unescape as percentDecode } from 'node:querystring';

let loaded: Promise<typeof import('https-proxy-agent')> | undefined;

/**
 * Makes an agent that reaches its target through `proxy` with CONNECT (RFC 9110 §9.3.6).
 * @param secure whether TLS is spoken with the target
 * @param signal ends a connection to a proxy that has not answered yet: nobody else can get at its socket
 */
export async function createProxyAgent(proxy: URL, secure: boolean, signal: AbortSignal): Promise<Agent> {
  loaded ??= import('https-proxy-agent'); // an ES module, as jose is
  const { HttpsProxyAgent } = await loaded;
  // the agent writes its URL to the debug log: credentials go another way
  const address = new URL(proxy);
  address.username = '';
  address.password = '';
  const agent = new HttpsProxyAgent(address, { signal, headers: authorization(proxy) });
  // else it guesses from the call stack, and sends the token in clear text where Error.stackTraceLimit is small
  agent.isSecureEndpoint = () => secure;
  return agent;
}

/** RFC 7617 §2. */
function authorization({ username, password }: URL): Record<string, string> {
  if (username === '' && password === '') return {};
  const credentials = `${percentDecode(username)}:${percentDecode(password)}`;
  return { 'Proxy-Authorization': `Basic ${Buffer.from(credentials).toString('base64')}` };
}
