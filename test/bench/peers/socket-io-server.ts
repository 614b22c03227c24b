import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server } from 'socket.io';
import { meter } from '../harness/meter.js';
import { serve } from '../harness/rpc.js';
import { createVerify } from './jose-verify.js';
import { NO_PINGS_MS, type PeerService, type PeerSpec } from './peer-spec.js';

/** An echo with a login, as one would write it with socket.io and jose in an afternoon. */
async function start({ keys }: PeerSpec): Promise<number> {
  const server = createServer();
  const verify = createVerify(keys);
  const io = new Server(server, { transports: ['websocket'], serveClient: false, pingInterval: NO_PINGS_MS });
  io.use((socket, next) => {
    verify(`?token=${socket.handshake.auth.token}`).then(
      (tenant) => {
        socket.data.tenant = tenant;
        next();
      },
      () => next(new Error('unauthorized')),
    );
  });
  io.on('connection', (socket) => {
    socket.on('m', (data: unknown) => void socket.emit('m', data));
  });
  server.listen(0, '127.0.0.1', 4096);
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

serve<PeerService>({ ...meter, start });
