import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type RawData, type WebSocket, WebSocketServer } from 'ws';
import { meter } from '../harness/meter.js';
import { serve } from '../harness/rpc.js';
import { createVerify } from './jose-verify.js';
import { hasLogin, type PeerService, type PeerSpec } from './peer-spec.js';

type Answer = (sender: WebSocket, tenant: string, data: RawData, isBinary: boolean) => void;

const tenants = new Map<string, Set<WebSocket>>();
const tenantOf = new WeakMap<WebSocket, string>();

/** A server as one would write it with ws in an afternoon. */
async function start(spec: PeerSpec): Promise<number> {
  const server = createServer();
  const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });
  const verify = hasLogin(spec.name) ? createVerify(spec.keys) : async () => '';
  const answer = answerOf(spec, sockets);
  server.on('upgrade', (request: IncomingMessage, socket, head) => {
    verify(request.url ?? '').then(
      (tenant) =>
        sockets.handleUpgrade(request, socket, head, (webSocket) => {
          join(webSocket, tenant);
          webSocket.on('message', (data, isBinary) => answer(webSocket, tenant, data, isBinary));
        }),
      () => socket.end('HTTP/1.1 401 Unauthorized\r\n\r\n'),
    );
  });
  server.listen(0, '127.0.0.1', 4096);
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

function answerOf({ name, task }: PeerSpec, sockets: WebSocketServer): Answer {
  switch (task) {
    case 'echo':
      return (sender, _tenant, data, binary) => sender.send(data, { binary });
    case 'broadcast':
      return (_sender, _tenant, data, binary) => {
        for (const socket of sockets.clients) socket.send(data, { binary });
      };
    case 'tenant':
      if (name === 'ws+scan') {
        return (_sender, tenant, data, binary) => {
          for (const socket of sockets.clients) {
            if (tenantOf.get(socket) === tenant) socket.send(data, { binary });
          }
        };
      }
      return (_sender, tenant, data, binary) => {
        for (const socket of tenants.get(tenant) ?? []) socket.send(data, { binary });
      };
  }
}

function join(socket: WebSocket, tenant: string): void {
  const members = tenants.get(tenant) ?? new Set();
  tenants.set(tenant, members.add(socket));
  tenantOf.set(socket, tenant);
  socket.on('error', () => {}); // 'close' follows
  socket.on('close', () => members.delete(socket));
}

serve<PeerService>({ ...meter, start });
