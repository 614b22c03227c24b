import should from 'should';
import { Broker } from '../../support/cluster/broker.js';
import { Instance } from '../../support/cluster/instance.js';
import { until } from '../../support/cluster/until.js';
import { SocketClient } from '../../support/core/socket-client.js';
import { token } from '../../support/core/tokens.js';

const PROPERTIES = { maxConnections: '3', enforceLimits: true };

describe('src/cluster: the connections of a tenant', () => {
  let broker: Broker;
  let instances: Instance[];

  beforeEach(async () => {
    broker = await Broker.start();
    instances = [];
    for (let i = 0; i < 3; i += 1) {
      instances.push(await Instance.start(broker.settings, { properties: PROPERTIES }));
    }
    for (const instance of instances) await instance.reach('up');
    for (const instance of instances) await instance.knows(2);
  });
  afterEach(async () => {
    for (const instance of instances) await instance.stop();
    await broker.stop();
  });

  /** Resolves once `instance` would let somebody in, or not. */
  async function answers(instance: Instance | undefined, status: number): Promise<void> {
    for (;;) {
      const url = instance?.server.url(token()) ?? '';
      const peer = await SocketClient.open(url).catch(() => undefined);
      if (peer !== undefined) await peer.close();
      if ((peer === undefined ? 429 : 101) === status) return;
    }
  }

  it('are counted on all instances, and places are free again when they have gone anywhere', async () => {
    const peers = await Promise.all(instances.map(({ server }) => server.connect()));
    for (const instance of instances) await answers(instance, 429);
    const globex = await instances[0]?.server.connect({ tenant_id: 'globex' });
    await globex?.close();
    await peers[2]?.close();
    for (const instance of instances) await answers(instance, 101);
  });

  it('are known to an instance that comes later, and forgotten with one that goes', async () => {
    const [a, b] = instances as [Instance, Instance, Instance];
    for (let i = 0; i < 3; i += 1) await a.server.connect();
    const late = await Instance.start(broker.settings, { properties: PROPERTIES });
    instances.push(late);
    await late.knows(3);
    await answers(late, 429);
    await instances.shift()?.stop();
    await answers(late, 101);
    await answers(b, 101);
  });

  it('are counted here alone while the broker is away, and on all again after it', async () => {
    const [a, b] = instances as [Instance, Instance, Instance];
    for (let i = 0; i < 3; i += 1) await a.server.connect();
    await answers(b, 429);
    await broker.pause();
    await b.reach('down');
    const peer = await b.server.connect();
    await broker.resume();
    for (const instance of instances) await instance.reach('up');
    await until(() => instances.every(({ cluster }) => cluster.size === 2));
    for (const instance of instances) await answers(instance, 429);
    await peer.close();
  });

  it('in a rush pass the limit by no more than what came before the others could know', async () => {
    const rush = await Promise.all(
      Array.from({ length: 60 }, (_, i) =>
        SocketClient.open(instances[i % 3]?.server.url(token()) ?? '').catch(() => undefined),
      ),
    );
    const open = rush.filter((peer) => peer !== undefined);
    console.log(`      ${open.length} of 60 at once, where 3 may be`);
    should(open.length).be.within(3, 9); // each instance by itself lets three in
    for (const instance of instances) await answers(instance, 429);
  });
});
