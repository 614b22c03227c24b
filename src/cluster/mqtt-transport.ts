import type { Socket } from 'node:net';
import type { IClientOptions, MqttClient } from 'mqtt';
import { clientId, ended, loadMqtt, OWN_OPTIONS, reasonOf, subscribe } from './mqtt-connection.js';
import { retryDelay } from './retry-delay.js';
import type { Published, Transport, TransportEvents, TransportState } from './transport.js';
import { WantedTopics } from './wanted-topics.js';

/** Where the broker is, and what it wants to know: user, password, TLS, version of MQTT. */
export interface BrokerSettings {
  readonly url: string;
  readonly options: IClientOptions;
}

/** Unsent towards the broker: more is not kept for it. */
const MAX_UNSENT_BYTES = 16 * 1024 * 1024;

/** MQTT has no longer packets (MQTT 5 §2.1.4). */
const MAX_PACKET_BYTES = 268_435_455;

const AT_MOST_ONCE = { qos: 0 } as const;

/** What a packet has beside topic and payload, at most. */
const PACKET_HEAD_BYTES = 16;

/** A connection of our own to an MQTT broker (MQTT 3.1.1 or 5), with QoS 0, that comes back. */
export class MqttTransport implements Transport {
  readonly #broker: BrokerSettings;
  readonly #first: readonly string[];
  readonly #events: TransportEvents;
  readonly #topics = new WantedTopics();
  #state: TransportState = { kind: 'connecting' };
  #client: MqttClient | undefined;
  #maxPacketBytes = MAX_PACKET_BYTES;
  #failures = 0;
  #retry: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(broker: BrokerSettings, first: readonly string[], events: TransportEvents) {
    this.#broker = broker;
    this.#first = first;
    this.#events = events;
    for (const topic of first) void this.#topics.want(topic);
    void this.#connect();
  }

  get state(): TransportState {
    return this.#state;
  }

  get isComplete(): boolean {
    return this.#topics.isComplete;
  }

  publish(topic: string, payload: Buffer): Published {
    const client = this.#client;
    if (client?.connected !== true) return 'down';
    if (topic.length + payload.length + PACKET_HEAD_BYTES > this.#maxPacketBytes) return 'too-large';
    if (client.stream.writableLength + payload.length > MAX_UNSENT_BYTES) return 'busy';
    this.#gather(client.stream);
    client.publish(topic, payload, AT_MOST_ONCE, ignore);
    return 'sent';
  }

  want(topic: string): Promise<void> {
    return this.#topics.want(topic);
  }

  unwant(topic: string): void {
    this.#topics.unwant(topic);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#retry);
    this.#topics.disconnected();
    const client = this.#client;
    this.#client = undefined;
    if (client !== undefined) await ended(client);
  }

  async #connect(): Promise<void> {
    const { url, options } = this.#broker;
    const isNewest = options.protocolVersion === 5;
    let client: MqttClient;
    try {
      const { connect } = await loadMqtt();
      if (this.#isClosed) return;
      client = connect(url, { ...options, ...OWN_OPTIONS, clientId: clientId() });
    } catch {
      this.#failed('address'); // such settings lead nowhere
      return;
    }
    this.#client = client;
    let reason = 'closed';
    client.handleMessage = (packet, next) => {
      if (client !== this.#client) next();
      else this.#events.message(packet.topic, bytesOf(packet.payload), () => next());
    };
    client.on('error', (error) => {
      reason = reasonOf(error);
    });
    client.once('close', () => {
      if (client === this.#client) this.#failed(reason);
    });
    client.once('connect', ({ properties }) => {
      if (client === this.#client) this.#connected(client, isNewest, properties?.maximumPacketSize);
    });
  }

  #connected(client: MqttClient, isNewest: boolean, maxPacketBytes = MAX_PACKET_BYTES): void {
    // small packets would wait for the acknowledgement of those before (RFC 896)
    if ('setNoDelay' in client.stream) (client.stream as Socket).setNoDelay();
    this.#maxPacketBytes = maxPacketBytes;
    this.#events.connected();
    this.#topics.connected({
      // what we sent ourselves need not come back, but what all are told shows whether we are heard
      subscribe: (topics) =>
        subscribe(client, topics, isNewest ? (topic) => !this.#first.includes(topic) : undefined),
      unsubscribe: async (topics) => {
        await client.unsubscribeAsync([...topics]);
      },
      denied: () => {
        if (client === this.#client) this.#failed('denied');
      },
      more: () => {
        if (this.#state.kind !== 'open' && this.#topics.has(this.#first)) {
          this.#failures = 0;
          this.#change({ kind: 'open' });
        }
      },
    });
  }

  /** What is published in one turn of the event loop leaves in one write. */
  #gather(stream: MqttClient['stream']): void {
    if (stream.writableCorked > 0) return;
    stream.cork();
    setImmediate(() => stream.uncork());
  }

  #failed(reason: string): void {
    const client = this.#client;
    this.#client = undefined;
    this.#topics.disconnected();
    client?.end(true);
    if (this.#isClosed) return;
    this.#retry = setTimeout(() => void this.#connect(), retryDelay(this.#failures));
    this.#failures += 1;
    this.#change({ kind: 'down', reason });
  }

  #change(state: TransportState): void {
    this.#state = state;
    this.#events.changed(state);
  }
}

function bytesOf(payload: string | Buffer): Buffer {
  return typeof payload === 'string' ? Buffer.from(payload) : payload;
}

function ignore(): void {}
