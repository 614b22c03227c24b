import { BlockList, isIP } from 'node:net';
import type { JSONWebKeySet } from 'jose';
import { issuerShape } from '../config/issuer-template.js';
import { isPlainHttp, jwksUriProblem } from '../config/jwks-uri.js';
import { fetchJson, withinTime } from './fetch-json.js';
import { JwksError } from './jwks-error.js';
import { asKeySet } from './jwks-fetch.js';
import type { KeyRoute } from './key-request.js';

/** Whose document it is, and where it is, if not at the usual place. */
export interface Discovery {
  /** Perhaps with placeholders, which the document may call otherwise. */
  readonly issuer: string;
  readonly url?: string;
}

/**
 * Fetches an issuer's document (OpenID Connect Discovery 1.0 §4, RFC 8414 §3), and the key set that it names.
 * @param timeoutMs for all of it
 * @throws JwksError
 */
export function discoverKeys(
  { issuer, url }: Discovery,
  timeoutMs: number,
  signal: AbortSignal,
  route: KeyRoute = {},
): Promise<JSONWebKeySet> {
  return withinTime(timeoutMs, signal, async (both) => {
    const document =
      url === undefined ? await fetchDocument(issuer, both, route) : await fetchJson(url, both, route);
    return asKeySet(await fetchJson(keySetUri(document, issuer), both, route));
  });
}

async function fetchDocument(issuer: string, signal: AbortSignal, route: KeyRoute): Promise<unknown> {
  const base = issuer.replace(/\/$/, '');
  try {
    return await fetchJson(`${base}/.well-known/openid-configuration`, signal, route);
  } catch (error) {
    if (!(error instanceof JwksError) || error.code !== 'jwks-status' || error.detail !== 404) throw error;
    const { origin, pathname } = new URL(base);
    const path = pathname === '/' ? '' : pathname;
    return fetchJson(`${origin}/.well-known/oauth-authorization-server${path}`, signal, route);
  }
}

/** Where a document says that the keys are; it has to be the issuer's own (RFC 8414 §3.3). */
function keySetUri(document: unknown, expected: string): string {
  const { issuer, jwks_uri: uri } = Object(document) as Readonly<Record<string, unknown>>;
  if (typeof issuer !== 'string') throw new JwksError('discovery-malformed');
  if (issuerShape(issuer) !== issuerShape(expected)) throw new JwksError('discovery-issuer');
  if (typeof uri !== 'string' || jwksUriProblem(uri) !== undefined || isPlainHttp(uri) || isLinkLocal(uri)) {
    throw new JwksError('discovery-jwks-uri');
  }
  return uri;
}

/** Where clouds tell machines their secrets; the last one is Amazon's over IPv6. */
const LINK_LOCAL = new BlockList();
LINK_LOCAL.addSubnet('169.254.0.0', 16, 'ipv4'); // RFC 3927
LINK_LOCAL.addSubnet('fe80::', 10, 'ipv6'); // RFC 4291 §2.5.6
LINK_LOCAL.addAddress('fd00:ec2::254', 'ipv6');

function isLinkLocal(uri: string): boolean {
  const host = new URL(uri).hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  const family = isIP(host);
  if (family === 0) return /^metadata(?:\.google\.internal)?$/.test(host);
  return LINK_LOCAL.check(host, family === 4 ? 'ipv4' : 'ipv6');
}
