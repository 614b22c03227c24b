import { setTimeout as wait } from 'node:timers/promises';
import type { Bench } from '../harness/bench.js';
import { Group } from '../harness/group.js';
import { isOurs } from '../peers/peer-spec.js';

const TENANTS = 10_000;

/** From one look at the broker to the next, in milliseconds. */
const LOOK_MS = 50;

/** So long a tenant stays subscribed to whose last peer has left. */
const LINGER_MS = 30_000;

const PATIENCE_MS = 30_000;

/**
 * A peer each of many tenants comes, and goes again, on one of two instances. The classic adapter of socket.io has no
 * subscriptions: every instance hears everything.
 */
export function clusterTenants(bench: Bench): Promise<void> {
  return bench.compareWith((...given) => Group.start(2, ...given), {
    figures: ['come', 'go'].flatMap((verb) => [
      { name: `${TENANTS} tenants ${verb}: until the broker knows`, unit: 'ms' },
      { name: `${TENANTS} tenants ${verb}: CPU of the instance`, unit: 'µs a tenant' },
      { name: `${TENANTS} tenants ${verb}: CPU of the broker`, unit: 'µs a tenant' },
    ]),
    peers: ['ours alone', 'ours', 'socket.io sharded', 'socket.io'],
    task: 'tenant',
    warmUps: 0,
    prepare: async (group) => {
      // both know each other, and all code has run once
      await group.load.call('open', { ...group.at(0), count: 100 });
      await group.load.call('open', { ...group.at(1), count: 1 });
      if (group.name !== 'ours alone') await group.load.call('settle', { audience: 101 });
      await group.load.call('close');
    },
    measure: async (group) => {
      const { load, engine } = group;
      const counts = group.name !== 'ours alone' && group.name !== 'socket.io';
      const before = counts ? await engine.subscriptions() : 0;
      const come = await group.cost(async () => {
        const start = performance.now();
        await load.call('openTenants', { ...group.at(0), name: 'tenant', tenants: TENANTS, perTenant: 1 });
        const openedMs = performance.now() - start;
        if (counts) await reached(group, (count) => count >= before + TENANTS);
        // our peers are let in once their tenant is subscribed to
        return isOurs(group.name) ? openedMs : performance.now() - start;
      });
      const go = await group.cost(async () => {
        const start = performance.now();
        await load.call('close');
        if (isOurs(group.name)) await wait(LINGER_MS);
        if (counts) await reached(group, (count) => count <= before);
        return performance.now() - start;
      });
      return [come, go].flatMap(({ result, first, engine }) =>
        [result, first / TENANTS, engine / TENANTS].map((value) => ({ sample: { value } })),
      );
    },
  });
}

async function reached(group: Group, isEnough: (count: number) => boolean): Promise<void> {
  const start = performance.now();
  while (!isEnough(await group.engine.subscriptions())) {
    if (performance.now() - start > PATIENCE_MS) throw new Error('the broker has other subscriptions');
    await wait(LOOK_MS);
  }
}
