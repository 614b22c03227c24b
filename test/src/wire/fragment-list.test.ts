import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import should from 'should';
import { type WebSocket, WebSocketServer } from 'ws';
import { FragmentList } from '../../../src/wire/fragment-list.js';
import { SocketClient } from '../../support/core/socket-client.js';

/** Where ws keeps the fragments of the message under way. */
interface Receiving {
  readonly _receiver: { _fragments: unknown };
}

async function connected() {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  const accepted = once(server, 'connection');
  const client = await SocketClient.open(`ws://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  const [socket] = (await accepted) as [WebSocket];
  return {
    client,
    socket,
    receiver: (socket as unknown as Receiving)._receiver,
    stop: async () => {
      client.socket.terminate();
      server.close();
      await once(server, 'close');
    },
  };
}

describe('src/wire/fragment-list', () => {
  // ws's private fields under other names would cost the speed, and nothing else would fail
  it('finds in ws the list of fragments, and has it used for every message', async () => {
    const { client, socket, receiver, stop } = await connected();
    const own = receiver._fragments;
    should(own).eql([]);
    const fragments = new FragmentList(socket);
    const reused = receiver._fragments;
    should(reused).not.equal(own);
    for (const text of ['one', 'two']) {
      const message = new Promise<unknown>((resolve) =>
        socket.once('message', () => {
          const made = receiver._fragments;
          fragments.reuse();
          resolve(made);
        }),
      );
      client.send(text);
      should(await message).not.equal(reused); // ws makes one with each message, still
      should(receiver._fragments).equal(reused);
      should(reused).eql([]);
    }
    await stop();
  });

  it('leaves messages as they are, whole and in fragments', async () => {
    const { client, socket, stop } = await connected();
    const fragments = new FragmentList(socket);
    const seen: string[] = [];
    const all = new Promise<void>((resolve) =>
      socket.on('message', (data, isBinary) => {
        fragments.reuse();
        seen.push(`${isBinary ? 'binary' : 'text'} ${data}`);
        if (seen.length === 5) resolve();
      }),
    );
    client.send('whole');
    for (const part of ['in ', 'three ']) client.socket.send(part, { fin: false });
    client.send('parts');
    client.send('');
    client.socket.send(Buffer.from('two '), { fin: false });
    client.send(Buffer.from('parts'));
    client.send('last');
    await all;
    should(seen).eql(['text whole', 'text in three parts', 'text ', 'binary two parts', 'text last']);
    await stop();
  });

  it('touches nothing where the list is the message, or ws knows no such list', async () => {
    const { socket, receiver, stop } = await connected();
    socket.binaryType = 'fragments';
    const own = receiver._fragments;
    new FragmentList(socket).reuse();
    should(receiver._fragments).equal(own);
    for (const stranger of [{}, { _receiver: {} }, { _receiver: { _fragments: ['under way'] } }]) {
      const before = JSON.stringify(stranger);
      new FragmentList({ binaryType: 'nodebuffer', ...stranger } as unknown as WebSocket).reuse();
      should(JSON.stringify(stranger)).equal(before);
    }
    await stop();
  });
});
