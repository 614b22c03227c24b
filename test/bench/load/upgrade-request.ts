import { PATH } from '../peers/peer-spec.js';
import type { Target } from './load-service.js';
import { createTokens } from './tokens.js';

/** The nonce of RFC 6455 §1.3, always the same. */
export const WEB_SOCKET_KEY = 'dGhlIHNhbXBsZSBub25jZQ==';

/** Makes upgrade requests to `target`, each with a token of its own where tokens are asked for. */
export function createRequests({ port, key }: Target): (tenant: string) => Buffer {
  const tokens = key === undefined ? undefined : createTokens(key);
  return (tenant) => {
    const query = tokens === undefined ? '' : `?token=${tokens(tenant)}`;
    return Buffer.from(
      [
        `GET ${PATH}${query} HTTP/1.1`,
        `Host: 127.0.0.1:${port}`,
        'Connection: Upgrade',
        'Upgrade: websocket',
        'Sec-WebSocket-Version: 13',
        `Sec-WebSocket-Key: ${WEB_SOCKET_KEY}`,
        '\r\n',
      ].join('\r\n'),
      'latin1',
    );
  };
}
