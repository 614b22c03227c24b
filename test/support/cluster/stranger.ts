// A process of its own: publishes, at 20,000 a second, what is in its first message, changed a little or repeated.
import { setInterval } from 'node:timers/promises';
import { connectAsync } from 'mqtt';

/** What the stranger is told, by base64. */
export interface StrangerOrders {
  readonly url: string;
  readonly protocolVersion: 4 | 5;
  readonly seen: readonly (readonly [topic: string, payload: string])[];
}

const EVERY_MS = 10;
const AT_ONCE = 200;

process.once('message', ({ url, protocolVersion, seen }: StrangerOrders) => {
  void flood(url, protocolVersion, seen);
});

async function flood(url: string, protocolVersion: 4 | 5, seen: StrangerOrders['seen']): Promise<void> {
  const client = await connectAsync(url, { protocolVersion });
  const messages = seen.map(([topic, payload]) => ({ topic, payload: Buffer.from(payload, 'base64') }));
  let published = 0;
  process.send?.('begins');
  for await (const _ of setInterval(EVERY_MS)) {
    for (let i = 0; i < AT_ONCE; i += 1) {
      const message = messages[published % messages.length];
      if (message === undefined) return;
      const payload = Buffer.from(message.payload);
      // one of three as it was, the others with a byte changed
      if (published % 3 > 0) payload[payload.length - 1 - (published % payload.length)] = published & 255;
      client.publish(message.topic, payload, { qos: 0 });
      published += 1;
    }
  }
}
