import { connectAsync, type MqttClient } from 'mqtt';
import { createClient } from 'redis';
import { Mosquitto } from '../../support/cluster/mosquitto.js';
import { isSocketIo, type PeerName } from './peer-spec.js';
import { RedisServer } from './redis-server.js';

/** What carries messages from one instance to another, and what it tells of itself, some seconds late at most. */
export interface Engine {
  readonly port: number;
  readonly pid: number;
  /** What instances have subscribed to. */
  subscriptions(): Promise<number>;
  /** Messages that it has handed to instances. */
  delivered(): Promise<number>;
  stop(): Promise<void>;
}

/** @throws Error where its program is not installed */
export function startEngine(name: PeerName): Promise<Engine> {
  return isSocketIo(name) ? startRedis() : startMosquitto();
}

const SUBSCRIPTIONS = '$SYS/broker/subscriptions/count';
const DELIVERED = '$SYS/broker/publish/messages/sent';

/** Mosquitto tells only what has changed. This has, each time. */
const UPTIME = '$SYS/broker/uptime';

async function startMosquitto(): Promise<Engine> {
  const mosquitto = await Mosquitto.start(['sys_interval 1', 'set_tcp_nodelay true']);
  const client = await connectAsync(mosquitto.settings().url, { protocolVersion: 5 });
  const latest = new Map<string, number>();
  client.on('message', (topic, payload) => latest.set(topic, Number.parseInt(payload.toString(), 10)));
  await client.subscribeAsync([UPTIME, SUBSCRIPTIONS, DELIVERED]);
  const told = async (topic: string) => {
    await rounds(client, 2);
    return latest.get(topic) ?? 0;
  };
  return {
    port: mosquitto.port,
    pid: mosquitto.pid,
    subscriptions: () => told(SUBSCRIPTIONS),
    delivered: () => told(DELIVERED),
    stop: async () => {
      await client.endAsync(true);
      await mosquitto.stop();
    },
  };
}

/** Resolves when so many rounds of figures have begun: the first one may have begun before this was asked. */
function rounds(client: MqttClient, count: number): Promise<void> {
  return new Promise((resolve) => {
    let left = count;
    client.on('message', function take(topic) {
      if (topic !== UPTIME) return;
      left -= 1;
      if (left > 0) return;
      client.off('message', take);
      resolve();
    });
  });
}

async function startRedis(): Promise<Engine> {
  const redis = await RedisServer.start();
  const client = await createClient({ url: `redis://127.0.0.1:${redis.port}` }).connect();
  return {
    port: redis.port,
    pid: redis.pid,
    subscriptions: async () => {
      const channels = await client.sendCommand(['PUBSUB', 'SHARDCHANNELS']);
      return Array.isArray(channels) ? channels.length : 0;
    },
    delivered: () => Promise.reject(new Error('Redis does not count that')),
    stop: async () => {
      client.destroy();
      await redis.stop();
    },
  };
}
