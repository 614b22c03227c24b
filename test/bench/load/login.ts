import { PATH } from '../peers/peer-spec.js';
import { clientFrame, TEXT } from './frames.js';
import type { Target } from './load-service.js';
import { createTokens } from './tokens.js';

/** The nonce of RFC 6455 §1.3, always the same. */
export const WEB_SOCKET_KEY = 'dGhlIHNhbXBsZSBub25jZQ==';

/** How a peer comes in, to the byte. */
export interface Login {
  readonly request: Buffer;
  /** What is sent once the server has spoken first, and is to be answered: the CONNECT of socket.io. */
  readonly connect?: Buffer;
}

/** The WebSocket transport of engine.io (protocol 4). */
const ENGINE_IO_TARGET = '/socket.io/?EIO=4&transport=websocket';

/** Makes logins at `target`, each with a token of its own where tokens are asked for. */
export function createLogins({ port, dialect, key, namesTenant = false }: Target): (tenant: string) => Login {
  const tokens = key === undefined ? undefined : createTokens(key);
  if (dialect === 'socket.io') {
    const request = upgradeRequest(port, ENGINE_IO_TARGET);
    // 4 is a message of engine.io, 0 the CONNECT in it
    return (tenant) => ({
      request,
      connect: clientFrame(TEXT, Buffer.from(`40${JSON.stringify({ token: tokens?.(tenant) })}`)),
    });
  }
  return (tenant) => {
    const name = namesTenant ? `&tenant=${tenant}` : '';
    return {
      request: upgradeRequest(port, tokens === undefined ? PATH : `${PATH}?token=${tokens(tenant)}${name}`),
    };
  };
}

function upgradeRequest(port: number, target: string): Buffer {
  return Buffer.from(
    [
      `GET ${target} HTTP/1.1`,
      `Host: 127.0.0.1:${port}`,
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
      `Sec-WebSocket-Key: ${WEB_SOCKET_KEY}`,
      '\r\n',
    ].join('\r\n'),
    'latin1',
  );
}
