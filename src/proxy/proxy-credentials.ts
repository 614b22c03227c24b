import { unescape as percentDecode } from 'node:querystring';

/** The address of a proxy without user name and password: Node and agents write addresses to their debug logs. */
export function withoutCredentials(proxy: URL): URL {
  const address = new URL(proxy);
  address.username = '';
  address.password = '';
  return address;
}

/** The header field that shows a proxy the user name and password in its URL (RFC 7617 §2). */
export function proxyAuthorization({ username, password }: URL): Record<string, string> {
  if (username === '' && password === '') return {};
  const credentials = `${percentDecode(username)}:${percentDecode(password)}`;
  return { 'Proxy-Authorization': `Basic ${Buffer.from(credentials).toString('base64')}` };
}
