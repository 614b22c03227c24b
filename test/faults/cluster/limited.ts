import { setTimeout as wait } from 'node:timers/promises';
import { SocketClient } from '../../support/core/socket-client.js';
import { token } from '../../support/core/tokens.js';
import { LIMITED_CONNECTIONS } from './flows.js';
import type { Instance } from './instance.js';

const EVERY_MS = 100;

/** How long an instance may take to learn what another one has. */
const PATIENCE_MS = 60_000;

/** Shows from outside whether instances know of each other: one whose tenant is full elsewhere admits nobody more. */
export class Limited {
  readonly #held: SocketClient[] = [];

  /** Takes all the room that a tenant has, on one instance. */
  async fill(instance: Instance): Promise<void> {
    for (let n = 0; n < LIMITED_CONNECTIONS; n += 1)
      this.#held.push(await SocketClient.open(address(instance)));
  }

  /** Resolves once an instance counts those connections, or no longer does, with when that was: monotonic, in milliseconds. */
  async counts(instance: Instance, isExpected: boolean): Promise<number> {
    const startedMs = performance.now();
    while (performance.now() - startedMs < PATIENCE_MS) {
      const askedMs = performance.now();
      if ((await isFull(instance)) === isExpected) return askedMs;
      await wait(EVERY_MS);
    }
    throw new Error(`an instance never ${isExpected ? 'counted' : 'forgot'} what another one has`);
  }

  async close(): Promise<void> {
    for (const client of this.#held.splice(0)) await client.close();
  }
}

async function isFull(instance: Instance): Promise<boolean> {
  try {
    await (await SocketClient.open(address(instance))).close();
    return false;
  } catch (error) {
    if (String(error).includes('429')) return true;
    throw error;
  }
}

function address(instance: Instance): string {
  return `${instance.origin}/limited?token=${token()}`;
}
