import { maxHeaderSize } from 'node:http';
import type { TokenPlaces, TokenSource } from '../config/token-sources.js';

/** Where a token is to be sent, as far as it decides about the size of the request. */
export interface RequestHead {
  /** Path of the listener. */
  readonly path: string;
  /** Largest head that the server reads, in bytes. */
  readonly maxBytes: number;
  /** Where the token may stand; absent: in the query. */
  readonly places?: TokenPlaces;
}

export const DEFAULT_HEAD: RequestHead = { path: '/', maxBytes: maxHeaderSize };

/** What no client leaves out (RFC 6455 §4.1). */
const LEAST_HEADERS = {
  Host: 'h',
  Upgrade: 'websocket',
  Connection: 'Upgrade',
  'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
  'Sec-WebSocket-Version': '13',
};

const LEAST_HEADER_BYTES = Object.entries(LEAST_HEADERS).flat().join('').length;

/** What browsers send besides, cookies of a login included. */
const USUAL_HEADER_BYTES = 2048;

const IN_QUERY: TokenPlaces = { tokenSources: ['query'], tokenHeader: '', tokenCookie: '' };

/**
 * Whether Node reads the head of an upgrade request with this token where it takes least room. It counts the target, and names
 * and values of the headers (src/node_http_parser.cc, TrackHeader), and answers 431 at the limit.
 * @returns `near`: not with the headers of many a browser
 */
export function headFit(
  token: string,
  { path, maxBytes, places = IN_QUERY }: RequestHead,
): 'fits' | 'near' | 'over' {
  const tokenBytes = Math.min(...places.tokenSources.map((source) => bytesIn(source, token, places)));
  if (tokenBytes === 0) return 'fits';
  const bytes = path.length + tokenBytes;
  if (bytes + LEAST_HEADER_BYTES >= maxBytes) return 'over';
  return bytes + USUAL_HEADER_BYTES >= maxBytes ? 'near' : 'fits';
}

function bytesIn(source: TokenSource, token: string, { tokenHeader, tokenCookie }: TokenPlaces): number {
  switch (source) {
    case 'query':
      return 1 + new URLSearchParams({ token }).toString().length;
    case 'header': {
      const scheme = tokenHeader.toLowerCase() === 'authorization' ? 'Bearer ' : '';
      return tokenHeader.length + scheme.length + token.length;
    }
    case 'protocol':
      return 'Sec-WebSocket-Protocolp, bearer.'.length + token.length;
    case 'cookie':
      return 'Cookie='.length + tokenCookie.length + token.length;
    case 'message':
      return 0; // it comes after the request
  }
}
