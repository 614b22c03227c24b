import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import should from 'should';
import { WebSocket, WebSocketServer } from 'ws';
import { Connection } from '../../../src/sessions/connection.js';
import { CLOSE } from '../../../src/sessions/endings.js';
import { anonymousIdentity } from '../../../src/token/identity.js';
import { mayWritePast, serverFrame } from '../../../src/wire/server-frame.js';
import { ListenerServer } from '../../support/core/listener-server.js';
import { SocketClient } from '../../support/core/socket-client.js';

/** A server that makes Connections of its sockets, with ws options of the test's choice. */
async function serve(options: { perMessageDeflate?: boolean } = {}) {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const webSockets = new WebSocketServer({ noServer: true, ...options });
  const accepted = new Promise<{ socket: WebSocket; stream: Duplex; connection: Connection }>((resolve) => {
    server.on('upgrade', (request, stream, head) => {
      webSockets.handleUpgrade(request, stream, head, (socket) => {
        const peer = { id: 'x', identity: anonymousIdentity(null), scope: 'session', address: '' } as const;
        const connection = new Connection(socket, stream, peer, 2 ** 24);
        resolve({ socket, stream, connection });
      });
    });
  });
  const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const client = await SocketClient.open(url, { perMessageDeflate: options.perMessageDeflate ?? false });
  return {
    ...(await accepted),
    client,
    stop: async () => {
      client.socket.terminate();
      server.close();
      await once(server, 'close');
    },
  };
}

describe('src/wire/server-frame', () => {
  const sizes = [0, 1, 125, 126, 127, 65535, 65536, 1024 * 1024];

  it('frames every length, text and binary, as a peer reads it', async () => {
    const { connection, client, stop } = await serve();
    for (const size of sizes) {
      const text = 'ü'.repeat(size / 2) + 'x'.repeat(size % 2);
      connection.send(serverFrame(text, false));
      const asText = await client.next();
      should([asText.isBinary, asText.data.toString() === text]).eql([false, true], `text ${size}`);
      const bytes = Buffer.alloc(size, 0xff);
      connection.send(serverFrame(bytes, true));
      const asBinary = await client.next();
      should([asBinary.isBinary, asBinary.data.equals(bytes)]).eql([true, true], `binary ${size}`);
    }
    await stop();
  });

  it('writes one buffer past ws', async () => {
    const { connection, client, stream, stop } = await serve();
    const written: unknown[] = [];
    const write = stream.write.bind(stream) as (chunk: unknown) => boolean;
    stream.write = ((chunk: unknown) => {
      written.push(chunk);
      return write(chunk);
    }) as typeof stream.write;
    const frame = serverFrame('once', false);
    connection.send(frame);
    should(await client.nextText()).equal('once');
    should(written).eql([frame.bytes]);
    await stop();
  });

  // ws's private fields under other names would cost the speed, and nothing else would fail
  it('finds in ws what says that nothing is in the way, and what is', async () => {
    const { socket, connection, client, stop } = await serve();
    should(mayWritePast(socket)).equal(true);
    socket.send('half, ', { fin: false });
    should(mayWritePast(socket)).equal(false);
    socket.send('whole');
    should(mayWritePast(socket)).equal(true);
    should(await client.nextText()).equal('half, whole');
    socket.send(new Blob(['read first']));
    should(mayWritePast(socket)).equal(false);
    connection.send(serverFrame('then this', false));
    should(await client.nextText()).equal('read first');
    should(await client.nextText()).equal('then this');
    should(mayWritePast(socket)).equal(true);
    await stop();
  });

  it('is what a listener sends, past ws', async () => {
    const server = await ListenerServer.start();
    const client = await server.connect();
    const message = await server.messageFrom(client);
    const { send } = WebSocket.prototype;
    let throughWs = 0;
    WebSocket.prototype.send = function (this: WebSocket, ...args: unknown[]) {
      throughWs += 1;
      return Reflect.apply(send, this, args);
    } as typeof send;
    try {
      await server.send({ ...message, payload: 'x' });
      should(await client.nextText()).equal('x');
    } finally {
      WebSocket.prototype.send = send;
    }
    should(throughWs).equal(0);
    client.socket.terminate();
    await server.stop();
  });

  it('lets ws send where compression was negotiated', async () => {
    const { socket, connection, client, stop } = await serve({ perMessageDeflate: true });
    should(socket.extensions).startWith('permessage-deflate');
    for (let i = 0; i < 20; i += 1) connection.send(serverFrame(`${i} `.repeat(2000), false));
    for (let i = 0; i < 20; i += 1) should(await client.nextText()).equal(`${i} `.repeat(2000));
    await stop();
  });

  it('never cuts into a fragmented message', async () => {
    const { socket, connection, client, stop } = await serve();
    socket.send('first half, ', { fin: false });
    connection.send(serverFrame('second half', false)); // ws takes it for the last fragment
    should(await client.nextText()).equal('first half, second half');
    connection.send(serverFrame('whole', false));
    should(await client.nextText()).equal('whole');
    await stop();
  });

  it('sends nothing once closing has begun, from either end', async () => {
    const { connection, client, stop } = await serve();
    connection.send(serverFrame('before', false));
    connection.close(CLOSE.serviceRestart);
    connection.send(serverFrame('after', false));
    should(await client.closed).eql({ code: 1012, reason: 'service restart' });
    should(await client.nextText()).equal('before');
    should(client.unread).equal(0);
    await stop();
    const other = await serve();
    other.client.socket.close(1000);
    await once(other.socket, 'close');
    other.connection.send(serverFrame('too late', false));
    await other.stop();
  });

  it('keeps the order with pings between messages', async () => {
    const { socket, connection, client, stop } = await serve();
    for (let i = 0; i < 50; i += 1) {
      connection.send(serverFrame(String(i), false));
      if (i % 5 === 0) socket.ping();
    }
    for (let i = 0; i < 50; i += 1) should(await client.nextText()).equal(String(i));
    await stop();
  });
});
