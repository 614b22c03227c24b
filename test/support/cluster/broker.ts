import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import type { Aedes } from 'aedes';
import type { BrokerSettings } from '../../../src/cluster/mqtt-transport.js';

/** What passed the broker. */
export interface Passed {
  readonly topic: string;
  readonly payload: Buffer;
}

interface Login {
  readonly id: string;
  readonly user: string | undefined;
  readonly password: string | undefined;
}

/** An MQTT broker in this process, which can be taken away and put back on the same port. */
export class Broker {
  /** Everything that was published, in order. */
  readonly passed: Passed[] = [];
  /** Which topics may be subscribed to. */
  maySubscribe: (topic: string) => boolean = () => true;
  /** Whether what is published is passed on. */
  isDeaf = false;
  /** Who has connected, in order. */
  readonly logins: Login[] = [];
  readonly #sockets = new Set<Socket>();
  #port = 0;
  #server: Server | undefined;
  #aedes: Aedes | undefined;

  static async start(): Promise<Broker> {
    const broker = new Broker();
    await broker.resume();
    return broker;
  }

  get settings(): BrokerSettings {
    return { url: `mqtt://127.0.0.1:${this.#port}`, options: { protocolVersion: 4 } }; // aedes knows no MQTT 5
  }

  /** `host`, `port` of an `mqtt-broker` node. */
  get node(): { readonly broker: string; readonly port: string } {
    return { broker: '127.0.0.1', port: String(this.#port) };
  }

  /** How many are connected. */
  get clients(): number {
    return this.#aedes?.connectedClients ?? 0;
  }

  /** The topics that are subscribed to now, and by how many. */
  readonly subscribed = new Map<string, number>();

  /** Publishes as a stranger that may. */
  publish(topic: string, payload: Buffer): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#aedes?.publish({ cmd: 'publish', topic, payload, qos: 0, retain: false, dup: false }, (error) =>
        error ? reject(error) : resolve(),
      );
    });
  }

  /** Goes away, and breaks all connections. */
  async pause(): Promise<void> {
    const server = this.#server;
    if (server === undefined) return;
    this.#server = undefined;
    server.close();
    for (const socket of this.#sockets) socket.destroy();
    await once(server, 'close');
    await new Promise<void>((resolve) => this.#aedes?.close(resolve));
    this.subscribed.clear();
  }

  /** Is there again, and knows nothing of before. */
  async resume(): Promise<void> {
    const { Aedes } = await import('aedes');
    const aedes = await Aedes.createBroker({
      authorizeSubscribe: (_client, subscription, callback) =>
        callback(null, this.maySubscribe(subscription.topic) ? subscription : null),
      authenticate: ({ id }, user, password, callback) => {
        this.logins.push({ id, user, password: password?.toString() });
        callback(null, true);
      },
      authorizeForward: (_client, packet) => (this.isDeaf ? null : packet),
    });
    aedes.on('publish', ({ topic, payload }, client) => {
      if (client !== null) this.passed.push({ topic, payload: Buffer.from(payload) });
    });
    aedes.on('subscribe', (subscriptions) => {
      for (const { topic, qos } of subscriptions) if (qos < 128) this.#count(topic, 1);
    });
    aedes.on('unsubscribe', (topics) => {
      for (const topic of topics) this.#count(topic, -1);
    });
    this.#aedes = aedes;
    this.#server = createServer((socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
      socket.on('error', () => {});
      aedes.handle(socket);
    });
    this.#server.listen(this.#port, '127.0.0.1');
    await once(this.#server, 'listening');
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  stop(): Promise<void> {
    return this.pause();
  }

  #count(topic: string, more: number): void {
    this.subscribed.set(topic, (this.subscribed.get(topic) ?? 0) + more);
  }
}
