import type { IClientOptions, MqttClient } from 'mqtt';

const KEEPALIVE_SECONDS = 10;
const CONNECT_TIMEOUT_MS = 10_000;
const CLOSE_TIMEOUT_MS = 1000;

let loading: Promise<typeof import('mqtt')> | undefined;

/** The MQTT client. Only who has a cluster loads it. */
export function loadMqtt(): Promise<typeof import('mqtt')> {
  loading ??= import('mqtt');
  return loading;
}

/** What would work against us: packets that wait, sessions and messages that the broker keeps, other clients' names. */
export const OWN_OPTIONS = {
  clean: true,
  queueQoSZero: false,
  resubscribe: false,
  reconnectPeriod: 0,
  keepalive: KEEPALIVE_SECONDS,
  connectTimeout: CONNECT_TIMEOUT_MS,
} as const satisfies IClientOptions;

/** One that nobody else has: a broker ends the older of two connections of one name. At most 23 letters (MQTT 3.1.1 §3.1.3.1). */
export function clientId(): string {
  return `wsp${crypto.randomUUID().replaceAll('-', '').slice(0, 20)}`;
}

/**
 * Resolves to whether all were granted; rejects where the connection broke.
 * @param noLocal topics on which our own messages are not to come back; absent where the protocol cannot say so
 */
export async function subscribe(
  client: MqttClient,
  topics: readonly string[],
  noLocal?: (topic: string) => boolean,
): Promise<boolean> {
  const asked = Object.fromEntries(
    topics.map((topic) => [
      topic,
      { qos: 0, ...(noLocal === undefined ? {} : { nl: noLocal(topic) }) } as const,
    ]),
  );
  try {
    const granted = await client.subscribeAsync(asked);
    return granted.every(({ qos }) => qos < 0x80);
  } catch (error) {
    if (client.connected) return false; // refused, and not broken off
    throw error;
  }
}

/** In one word, and nothing that the broker wrote. */
export function reasonOf(error: Error): string {
  const code = 'code' in error ? error.code : undefined;
  if (typeof code === 'string') return code;
  if (typeof code === 'number') return `refused ${code}`;
  return error.message.toLowerCase().includes('timeout') ? 'timeout' : 'protocol';
}

/** Resolves when the connection is closed, in good order or after a second. */
export function ended(client: MqttClient): Promise<void> {
  return new Promise((resolve) => {
    // the client itself does nothing more once it is ending, and what is not read hides that the broker has closed
    const force = setTimeout(() => client.stream.destroy(), CLOSE_TIMEOUT_MS);
    const isOver = () => {
      clearTimeout(force);
      resolve();
    };
    if (client.stream.destroyed) return isOver();
    client.stream.once('close', isOver);
    client.end();
  });
}
