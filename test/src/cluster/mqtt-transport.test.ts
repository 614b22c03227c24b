import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import should from 'should';
import { MqttTransport } from '../../../src/cluster/mqtt-transport.js';
import type { TransportEvents, TransportState } from '../../../src/cluster/transport.js';
import { Broker } from '../../support/cluster/broker.js';
import { until } from '../../support/cluster/until.js';
import { backTo, resources } from '../../support/core/resources.js';

interface Heard {
  readonly messages: string[];
  readonly states: TransportState[];
  /** Lets the next message come, where `holds`. */
  readonly held: (() => void)[];
  holds: boolean;
}

function listen(): { readonly heard: Heard; readonly events: TransportEvents } {
  const heard: Heard = { messages: [], states: [], held: [], holds: false };
  const events = {
    connected: () => {},
    changed: (state: TransportState) => heard.states.push(state),
    message: (topic: string, payload: Buffer, next: () => void) => {
      heard.messages.push(`${topic} ${payload}`);
      if (heard.holds) heard.held.push(next);
      else next();
    },
  };
  return { heard, events };
}

describe('src/cluster/mqtt-transport', () => {
  it('reads nothing more until what it has read was taken', async () => {
    const broker = await Broker.start();
    const { heard, events } = listen();
    const transport = new MqttTransport(broker.settings, ['a'], events);
    await until(() => transport.state.kind === 'open');
    heard.holds = true;
    for (let i = 0; i < 100; i += 1) should(transport.publish('a', Buffer.from(String(i)))).equal('sent');
    await until(() => broker.passed.length === 100);
    for (let i = 0; i < 100; i += 1) {
      await until(() => heard.held.length === i + 1);
      heard.held[i]?.();
    }
    should(heard.messages).eql(Array.from({ length: 100 }, (_, i) => `a ${i}`));
    await transport.close();
    await broker.stop();
  });

  it('closes also where what it has read was never taken', async () => {
    const broker = await Broker.start();
    const { heard, events } = listen();
    const transport = new MqttTransport(broker.settings, ['a'], events);
    await until(() => transport.state.kind === 'open');
    heard.holds = true;
    const large = Buffer.alloc(100_000);
    for (let i = 0; i < 100; i += 1) void broker.publish('a', large);
    await until(() => heard.held.length === 1);
    await transport.close();
    await until(() => broker.clients === 0);
    await broker.stop();
  });

  it('subscribes to thousands of topics, in batches, also after each outage', async () => {
    const broker = await Broker.start();
    const { events } = listen();
    const transport = new MqttTransport(broker.settings, ['a'], events);
    const topics = Array.from({ length: 3000 }, (_, i) => `t/${i}`);
    await until(() => transport.state.kind === 'open');
    await Promise.all(topics.map((topic) => transport.want(topic)));
    should(broker.subscribed.size).equal(3001);
    await broker.pause();
    await broker.resume();
    await until(() => broker.subscribed.size === 3001);
    for (const topic of topics) transport.unwant(topic);
    await until(() => [...broker.subscribed.values()].filter((count) => count > 0).length === 1);
    await transport.close();
    await broker.stop();
  });

  it('takes no more than 16 MiB for a broker that does not read, and keeps nothing for one that is away', async () => {
    const sockets: Socket[] = [];
    const server = createServer((socket) => {
      sockets.push(socket);
      socket.on('error', () => {});
      socket.once('data', () => {
        socket.pause();
        socket.write(Buffer.from([0x20, 2, 0, 0])); // CONNACK
      });
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `mqtt://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const transport = new MqttTransport({ url, options: { protocolVersion: 4 } }, ['a'], listen().events);
    should(transport.publish('a', Buffer.from('x'))).equal('down');
    const megabyte = Buffer.alloc(1024 * 1024);
    await until(() => transport.publish('a', megabyte) === 'sent');
    let sent = 1;
    while (transport.publish('a', megabyte) === 'sent') sent += 1;
    should(transport.publish('a', megabyte)).equal('busy');
    should(sent).be.within(10, 40); // the kernel takes some
    for (const socket of sockets) socket.destroy();
    await until(() => transport.state.kind === 'down');
    should(transport.publish('a', Buffer.from('x'))).equal('down');
    await transport.close();
    server.close();
  });

  it('says why it is down in one word, and nothing of what it was told', async () => {
    for (const [settings, reason] of [
      [{ url: 'mqtt://user:a-password@127.0.0.1:1', options: {} }, 'ECONNREFUSED'],
      [{ url: 'x', options: {} }, 'address'],
    ] as const) {
      const transport = new MqttTransport(settings, ['a'], listen().events);
      await until(() => transport.state.kind === 'down');
      should(transport.state).eql({ kind: 'down', reason });
      await transport.close();
    }
  });

  it('leaves nothing open, whenever it is closed', async () => {
    const broker = await Broker.start();
    const before = await resources();
    for (let i = 0; i < 5; i += 1) {
      const transport = new MqttTransport(broker.settings, ['a'], listen().events);
      if (i > 0) await until(() => transport.state.kind === 'open' || i < 2);
      void transport.want('b');
      await transport.close();
    }
    const late = new MqttTransport(broker.settings, ['a'], listen().events);
    await until(() => late.state.kind === 'open');
    await broker.pause();
    await until(() => late.state.kind === 'down');
    await late.close();
    await broker.resume();
    await backTo(before);
    await broker.stop();
  });
});
