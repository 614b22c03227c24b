import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Duplex, Writable } from 'node:stream';
import should from 'should';
import { type WebSocket, WebSocketServer } from 'ws';
import { socketServer } from '../../../src/listener/socket-server.js';
import { endOnce } from '../../../src/wire/end-once.js';
import { SocketClient } from '../../support/core/socket-client.js';

/** Where ws keeps what it writes incoming bytes to. */
interface Receiving {
  readonly _receiver: Writable;
}

async function connected(sockets: WebSocketServer) {
  const server = createServer();
  const accepted = new Promise<{ socket: WebSocket; stream: Duplex }>((resolve) => {
    server.on('upgrade', (request: IncomingMessage, stream, head) => {
      sockets.handleUpgrade(request, stream, head, (socket) => resolve({ socket, stream }));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = await SocketClient.open(`ws://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  const { socket, stream } = await accepted;
  return { client, server, socket, stream, receiver: (socket as unknown as Receiving)._receiver };
}

/** How often streams are ended that have finished, while a peer closes its connection. */
async function vainEnds(sockets: WebSocketServer): Promise<number> {
  const { client, server, socket, stream, receiver } = await connected(sockets);
  const { end } = Writable.prototype;
  let vain = 0;
  Writable.prototype.end = function (this: Writable, ...given: readonly never[]) {
    if ((this === stream || this === receiver) && this.writableFinished) vain += 1;
    return end.apply(this, given as never);
  } as typeof end;
  try {
    const closed = once(socket, 'close');
    client.socket.close(4000, 'bye');
    const [code, reason] = await closed;
    should([code, String(reason)]).eql([4000, 'bye']);
  } finally {
    Writable.prototype.end = end;
  }
  server.close();
  await once(server, 'close');
  return vain;
}

describe('src/wire/end-once', () => {
  // once ws does it no more, the module has no use: then it should go
  it('spares what Node does about streams that ws ends again', async () => {
    should(await vainEnds(new WebSocketServer({ noServer: true }))).be.above(0);
    should(await vainEnds(socketServer(1024))).equal(0);
  });

  it('leaves it to a stream to end, with what is still to be written, and to say that it has ended', async () => {
    const { client, server, socket, stream } = await connected(new WebSocketServer({ noServer: true }));
    endOnce(socket);
    const received = once(client.socket, 'message');
    const ended = new Promise<void>((resolve) => stream.end(Buffer.from([0x81, 2, 0x68, 0x69]), resolve));
    should(String((await received)[0])).equal('hi');
    await ended;
    const refused = new Promise<unknown>((resolve) => stream.end(resolve));
    should(await refused).match({ code: 'ERR_STREAM_ALREADY_FINISHED' });
    client.socket.terminate();
    await once(socket, 'close');
    server.close();
    await once(server, 'close');
  });

  it('touches nothing where ws knows no such streams', () => {
    for (const stranger of [{}, { _socket: {}, _receiver: { end: 'of the line' } }]) {
      const before = JSON.stringify(stranger);
      endOnce(stranger as unknown as WebSocket);
      should(JSON.stringify(stranger)).equal(before);
    }
  });
});
