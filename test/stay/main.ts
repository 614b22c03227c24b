// A client that stays logged in for as long as you say: `npm run test:stay -- --minutes 10 --life 20`.
import { parseArgs } from 'node:util';
import { stayLoggedIn } from './stay.js';
import { wrongWith } from './verdict.js';

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      minutes: { type: 'string', default: '10' },
      life: { type: 'string', default: '20' },
      placement: { type: 'string', default: 'header,message' },
    },
  });
  const [minutes, lifeSeconds] = [positive('minutes', values.minutes), positive('life', values.life)];
  const tokens = Math.ceil((minutes * 60) / (lifeSeconds * 0.8));
  for (const [placement, mostSockets] of [
    ['header', 2],
    ['message', 1],
  ] as const) {
    if (!values.placement.split(',').includes(placement)) continue;
    const stay = await stayLoggedIn({
      placement,
      lifeSeconds,
      tokens,
      leastMs: minutes * 60_000,
      progress: (count) => console.log(`${placement}: token ${count} of ${tokens}`),
    });
    if (stay === undefined) throw new Error('tinyproxy is not installed');
    const { client, listener } = stay;
    console.log(
      `${placement}: ${client.received} numbers to the client, ${listener.received} to the listener, ${stay.tokens} tokens of ${lifeSeconds} s, ${listener.most} connections at a time`,
    );
    for (const wrong of wrongWith(stay, mostSockets)) {
      console.error(`${placement}: ${wrong}`);
      process.exitCode = 1;
    }
  }
}

function positive(name: string, value: string): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number) || number < 1) throw new Error(`--${name} is to be a positive integer`);
  return number;
}

void main();
