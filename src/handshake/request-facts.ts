import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';

/** The headers of a request, as Node joins them. */
export type HeaderCarrier = Pick<IncomingMessage, 'headers'>;

/**
 * The address of a request's peer. Behind proxies it is the one that the outermost of them has appended to
 * `X-Forwarded-For`, counted from the right: what stands before it, the peer wrote itself.
 * @param trustProxy proxies in front of the server; 0: the socket's own address counts
 */
export function peerAddress(request: IncomingMessage, trustProxy: number): string {
  const direct = request.socket.remoteAddress ?? '';
  if (trustProxy === 0) return direct;
  // a request that has passed fewer proxies than there are says nothing that can be believed
  const forwarded = valuesOf(request, 'x-forwarded-for').at(-trustProxy);
  return addressIn(forwarded) ?? direct;
}

/** The host that a browser has asked for: `Host`, or behind proxies what they say it was. */
export function requestedHost(request: HeaderCarrier, trustProxy: number): string {
  const host = request.headers.host ?? '';
  if (trustProxy === 0) return host;
  const forwarded = valuesOf(request, 'x-forwarded-host');
  return forwarded[Math.max(0, forwarded.length - trustProxy)] ?? host;
}

function valuesOf({ headers }: HeaderCarrier, name: string): string[] {
  const value = headers[name];
  return typeof value === 'string' ? value.split(',').map((one) => one.trim()) : [];
}

/** With or without a port; undefined where it is no address, which could be anything. */
function addressIn(text = ''): string | undefined {
  const [, v6, v4] = /^(?:\[([\da-f:.]+)\](?::\d+)?|([\d.]+)(?::\d+)?)$/i.exec(text) ?? [];
  const address = v6 ?? v4 ?? text;
  return isIP(address) === 0 ? undefined : address;
}
