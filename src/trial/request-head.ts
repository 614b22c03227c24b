import { maxHeaderSize } from 'node:http';

/** Where a token is to be sent, as far as it decides about the size of the request. */
export interface RequestHead {
  /** Path of the listener. */
  readonly path: string;
  /** Largest head that the server reads, in bytes. */
  readonly maxBytes: number;
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

/**
 * Whether Node reads the head of an upgrade request with this token in its query. It counts the target, and names and
 * values of the headers (src/node_http_parser.cc, TrackHeader), and answers 431 at the limit.
 * @returns `near`: not with the headers of many a browser
 */
export function headFit(token: string, { path, maxBytes }: RequestHead): 'fits' | 'near' | 'over' {
  const targetBytes = path.length + 1 + new URLSearchParams({ token }).toString().length;
  if (targetBytes + LEAST_HEADER_BYTES >= maxBytes) return 'over';
  return targetBytes + USUAL_HEADER_BYTES >= maxBytes ? 'near' : 'fits';
}
