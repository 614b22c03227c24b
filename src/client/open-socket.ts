import type { Agent, ClientRequest } from 'node:http';
import type { ConnectionOptions } from 'node:tls';
import WebSocket, { type ClientOptions } from 'ws';
import { verifyName } from '../proxy/verify-name.js';
import { isWrongSubprotocol } from './wrong-subprotocol.js';

/** Where a connection goes, and how. `url`, `headers` and `proxy` hold secrets. */
export interface Target {
  readonly url: string;
  readonly subprotocols: readonly string[];
  /** The one of them that no server may choose, because a token is in it. */
  readonly secretSubprotocol?: string;
  readonly headers: Readonly<Record<string, string>>;
  /** For a `wss:` URL; of no effect on others. */
  readonly tls: ConnectionOptions;
  readonly proxy: URL | undefined;
  /** How often to ping the server, in milliseconds; undefined: never. */
  readonly heartbeatMs?: number;
  /** What has to be done once the WebSocket is open, before it counts as a connection. */
  readonly login: LoginStep;
}

export type LoginStep = { readonly kind: 'none' } | { readonly kind: 'message'; readonly token: string };

/** Times in milliseconds, sizes in bytes. */
export interface SocketLimits {
  /** A server that does not complete the closing handshake is cut off after this time. */
  readonly closeTimeoutMs: number;
  /** Largest message the server may send. */
  readonly maxPayload: number;
}

/**
 * Begins to open a WebSocket.
 * @param agent leads through the target's proxy
 * @param wrongSubprotocol is called where the server's choice is why the socket fails
 * @throws what node:tls throws on keys and certificates that it cannot read
 */
export function openSocket(
  target: Target,
  limits: SocketLimits,
  agent: Agent | undefined,
  wrongSubprotocol: () => void,
): WebSocket {
  const { url, subprotocols, headers, tls } = target;
  const name = tls.servername ?? new URL(url).hostname;
  let key: unknown;
  const options = {
    ...tls,
    headers: { ...headers },
    followRedirects: false, // the token is for the server that is configured
    perMessageDeflate: false, // a small frame must not become a large one
    maxPayload: limits.maxPayload,
    closeTimeout: limits.closeTimeoutMs,
    finishRequest: (request: ClientRequest) => {
      key = request.getHeader('Sec-WebSocket-Key');
      request.end();
    },
    ...(agent === undefined ? {} : { agent, ...verifyName(name) }),
  };
  // @types/ws does not know closeTimeout, nor all that ws hands on to agent and TLS
  const socket = new WebSocket(url, [...subprotocols], options as unknown as ClientOptions);
  socket.once('upgrade', (answer) => {
    if (isWrongSubprotocol(answer, subprotocols, key)) wrongSubprotocol();
  });
  return socket;
}
