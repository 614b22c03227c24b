import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdapter, createShardedAdapter } from '@socket.io/redis-adapter';
import { createClient } from 'redis';
import { Server } from 'socket.io';
import { meter } from '../harness/meter.js';
import { serve } from '../harness/rpc.js';
import { createVerify } from './jose-verify.js';
import {
  type ClusterSpec,
  NO_PINGS_MS,
  type PeerName,
  type PeerService,
  type PeerSpec,
} from './peer-spec.js';

/** An echo with a login, or what a tenant's peers say to each other, as one would write it with socket.io and jose in an afternoon. */
async function start({ name, task, keys, cluster }: PeerSpec): Promise<number> {
  const server = createServer();
  const verify = createVerify(keys);
  const io = new Server(server, { transports: ['websocket'], serveClient: false, pingInterval: NO_PINGS_MS });
  if (cluster !== undefined) io.adapter(await adapterOf(name, cluster));
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
    const { tenant } = socket.data;
    if (task === 'tenant') void socket.join(tenant);
    const audience = () => (task === 'tenant' ? io.to(tenant) : socket);
    socket.on('m', (data: unknown) => void audience().emit('m', data));
  });
  server.listen(0, '127.0.0.1', 4096);
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** The adapter that every guide shows, or the one that subscribes to those rooms that somebody is in. */
async function adapterOf(name: PeerName, { port }: ClusterSpec) {
  const publishing = createClient({ url: `redis://127.0.0.1:${port}` });
  const subscribing = publishing.duplicate();
  for (const client of [publishing, subscribing]) client.on('error', () => {}); // Redis ends first
  await Promise.all([publishing.connect(), subscribing.connect()]);
  return name === 'socket.io sharded'
    ? createShardedAdapter(publishing, subscribing, { subscriptionMode: 'dynamic' })
    : createAdapter(publishing, subscribing);
}

serve<PeerService>({ ...meter, start });
