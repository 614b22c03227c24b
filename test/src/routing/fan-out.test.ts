import should from 'should';
import { ListenerServer } from '../../support/core/listener-server.js';
import type { SocketClient } from '../../support/core/socket-client.js';

/** More than are written to in one go. */
const MANY = 600;

describe('src/routing/fan-out', () => {
  let server: ListenerServer;
  let clients: SocketClient[];

  beforeEach(async () => {
    server = await ListenerServer.start({ properties: { routingScope: 'global' } });
    clients = [];
    while (clients.length < MANY) {
      clients.push(...(await Promise.all(Array.from({ length: 100 }, () => server.connect()))));
    }
  });
  afterEach(async () => {
    for (const client of clients) client.socket.terminate();
    await server.stop();
  });

  it('reaches everybody, in the order of sending, text and binary, empty and 1 MiB', async () => {
    const messages = ['a', Buffer.from('b'), Buffer.alloc(0), 'x'.repeat(1024), Buffer.alloc(1024), 'last'];
    const results = await Promise.all(messages.map((payload) => server.send({ payload })));
    should(results).eql(messages.map(() => undefined));
    for (const client of clients) {
      for (const message of messages) {
        const { data, isBinary } = await client.next();
        should([isBinary, data.equals(Buffer.from(message))]).eql([typeof message !== 'string', true]);
      }
    }
    const few = clients.splice(0, 3);
    for (const client of clients.splice(0)) await client.close();
    clients = few;
    const large = Buffer.alloc(1024 * 1024, 1);
    should(await server.send({ payload: large })).equal(undefined);
    for (const client of few) should((await client.next()).data.equals(large)).equal(true);
  });

  it('says done once, after the last frame is handed over, in the order of sending', async () => {
    const order: number[] = [];
    await Promise.all(
      [0, 1, 2, 3].map(async (i) => {
        await server.send({ payload: String(i) });
        order.push(i);
      }),
    );
    should(order).eql([0, 1, 2, 3]);
    for (const client of clients) await client.drained();
    should(clients.map(({ unread }) => unread)).eql(clients.map(() => 4));
  });

  it('leaves out who connects while it is under way, and who is gone', async () => {
    const disconnected = server.next('disconnect');
    const sent = server.send({ payload: 'x' });
    const late = server.connect();
    clients[MANY - 1]?.socket.terminate();
    await sent;
    await disconnected;
    const client = await late;
    await client.drained();
    should(client.unread).equal(0);
    client.socket.terminate();
    for (const other of clients.slice(0, MANY - 1)) should(await other.nextText()).equal('x');
  });

  it('says done, and no more, when the listener closes in the middle', async () => {
    const sent = [server.send({ payload: 'a' }), server.send({ payload: 'b' })];
    server.listener.close();
    should(await Promise.all(sent)).eql([undefined, undefined]);
    for (const client of clients) should((await client.closed).code).equal(1012);
  });
});
