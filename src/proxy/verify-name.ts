import { type ConnectionOptions, checkServerIdentity } from 'node:tls';

/**
 * Checks a certificate against the name or address in the URL. Behind a proxy Node has neither at hand where the URL holds
 * an address, and would compare with the proxy's name.
 * @param name as it stands in a URL, an IPv6 address in brackets
 */
export function verifyName(name: string): ConnectionOptions {
  const host = name.replace(/^\[|\]$/g, '');
  return { checkServerIdentity: (_name, certificate) => checkServerIdentity(host, certificate) };
}
