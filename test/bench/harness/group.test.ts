import should from 'should';
import { hasMosquitto } from '../../support/cluster/mosquitto.js';
import { hasRedis } from '../peers/redis-server.js';
import { Group } from './group.js';
import { KeyRing } from './key-material.js';

const NEEDS = {
  ours: { program: 'mosquitto', isThere: hasMosquitto },
  'socket.io': { program: 'redis-server', isThere: hasRedis },
} as const;

describe('bench: instances of a cluster and their load generator', function () {
  this.timeout(60_000); // Node-RED starts twice

  let keys: KeyRing;
  let group: Group | undefined;

  before(async () => {
    keys = await KeyRing.create();
  });
  afterEach(async () => {
    await group?.stop();
    group = undefined;
  });
  after(() => keys.stop());

  for (const name of ['ours', 'socket.io'] as const) {
    it(`${name}: a tenant's peers hear each other, whatever their instance, and what that costs is counted`, async function () {
      const { program, isThere } = NEEDS[name];
      if (process.platform !== 'linux' || !isThere()) {
        console.log(`      skipped: ${program} is not installed, or this is not Linux`);
        this.skip();
      }
      group = await Group.start(2, { name, task: 'tenant' }, keys.material('HS256'), undefined);
      const { load } = group;
      await load.call('open', { ...group.at(0), count: 2 });
      await load.call('open', { ...group.at(1), count: 1 });
      for (const instance of [0, 1]) await load.call('open', { ...group.at(instance), count: 1, first: 0 });
      await load.call('settle', { audience: 3 });
      const options = { until: { messages: 50 }, bytes: 70_000, depth: 4, audience: 3 };
      const cost = await group.cost(() => load.call('broadcast', options));
      should(cost.result.messages).be.aboveOrEqual(50);
      for (const part of [cost.first, cost.other, cost.engine]) should(part).be.above(0);
      should(cost.all).be.approximately(cost.first + cost.other + cost.engine, 1e-6);
      const { near, far } = await load.call('way', { ms: 50, bytes: 64 });
      for (const { p50Ms, p99Ms } of [near, far]) {
        should(p50Ms).be.above(0);
        should(p99Ms).be.aboveOrEqual(p50Ms);
      }
      await load.call('close');
      await load.call('openTenants', { ...group.at(0), name: 'tenant', tenants: 3, perTenant: 2 });
      const talk = await load.call('talk', { ms: 50, bytes: 64, tenants: 3, perTenant: 2 });
      should(talk.sends).be.aboveOrEqual(3);
    });
  }
});
