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

/** So many UTF-16 units or one more, ASCII but for `rare` in every so many. */
function textOf(length: number, rare: string, every: number): string {
  let text = '';
  while (text.length < length) text += rare !== '' && text.length % every === every - 1 ? rare : 'x';
  return text;
}

/** A frame by RFC 6455 §5.2, made the plain way. */
function frameOf(opcode: number, payload: Buffer): Buffer {
  const { length } = payload;
  const header = Buffer.alloc(length < 126 ? 2 : length < 65_536 ? 4 : 10);
  header[0] = 0x80 | opcode;
  header[1] = length < 126 ? length : length < 65_536 ? 126 : 127;
  if (header.length === 4) header.writeUInt16BE(length, 2);
  if (header.length === 10) header.writeBigUInt64BE(BigInt(length), 2);
  return Buffer.concat([header, payload]);
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

  it('frames text of any length and writing, as RFC 6455 has it', () => {
    const lengths = [
      0, 1, 62, 125, 126, 500, 1023, 1024, 1025, 1100, 20_000, 61_680, 65_530, 65_535, 65_536, 70_000,
    ];
    for (const length of lengths) {
      for (const rare of ['', 'é', '\u20ac', '😀', '\ud800']) {
        for (const every of [1, 2, 7, 16, 17, 40, length - 1, length]) {
          const text = textOf(length, rare, every);
          const { bytes, size, rest } = serverFrame(text, false);
          should(bytes.equals(frameOf(1, Buffer.from(text)))).equal(
            true,
            `${length} units, ${rare} every ${every}`,
          );
          should([size, rest]).eql([bytes.length, undefined]);
        }
      }
    }
  });

  it('leaves many bytes where they are that go to one peer alone', async () => {
    const { connection, client, stream, stop } = await serve();
    const written: unknown[] = [];
    const write = stream.write.bind(stream) as (chunk: unknown) => boolean;
    stream.write = ((chunk: unknown) => {
      written.push(chunk);
      return write(chunk);
    }) as typeof stream.write;
    for (const length of [8 * 1024, 64 * 1024, 2 ** 20]) {
      const payload = Buffer.alloc(length, 7);
      const frame = serverFrame(payload, true, true);
      should(frame.size).equal(frameOf(2, payload).length);
      connection.send(frame);
      should(written.splice(0)).eql([frame.bytes, payload]);
      should(Buffer.concat([frame.bytes, payload]).equals(frameOf(2, payload))).equal(true);
      const received = await client.next();
      should([received.isBinary, received.data.equals(payload)]).eql([true, true]);
    }
    const few = serverFrame(Buffer.alloc(8 * 1024 - 1), true, true);
    connection.send(few);
    should(written).eql([few.bytes]);
    should(few.rest).equal(undefined);
    await stop();
  });

  it('closes with 1013 rather than leave too many bytes unread, in one piece or two', async () => {
    for (const alone of [false, true]) {
      const { connection, client, stop } = await serve();
      connection.send(serverFrame(Buffer.alloc(2 ** 24 - 9), true, alone)); // with its header, one too many
      should((await client.closed).code).equal(1013);
      await stop();
    }
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
