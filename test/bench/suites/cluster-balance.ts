import { Haproxy } from '../../support/cluster/haproxy.js';
import type { Bench } from '../harness/bench.js';
import type { Sample } from '../harness/figure.js';
import { Group } from '../harness/group.js';

const INSTANCES = 3;
const SHAPE = { tenants: 100, perTenant: 8 };
const BYTES = 1024;

/** Tenants with a message under way. */
const DEPTH = 16;

/** How HAProxy chooses an instance. */
const WAYS = { 'in turn': 'roundrobin', 'by tenant': 'url_param tenant' } as const;

/** Everybody speaks to their tenant, behind a balancer that knows nothing of tenants, and behind one that goes by them. */
export function clusterBalance(bench: Bench): Promise<void> {
  return bench.compareWith((...given) => Group.start(INSTANCES, ...given), {
    figures: Object.keys(WAYS).flatMap((way) => [
      { name: `balanced ${way}`, unit: 'deliveries/s' },
      { name: `balanced ${way}: CPU of instances`, unit: 'µs a delivery' },
      { name: `balanced ${way}: CPU of the broker`, unit: 'µs a delivery' },
      { name: `balanced ${way}: over the bus`, unit: 'messages a send' },
    ]),
    peers: ['ours'],
    task: 'tenant',
    warmUps: 0,
    prepare: async ({ load, targets }) => {
      // once they hear each other, a tenant's first peer is let in when the others reach it
      for (const target of targets) await load.call('open', { ...target, count: 1 });
      await load.call('settle', { audience: INSTANCES });
      await load.call('close');
    },
    measure: async (group) => {
      const samples: Sample[] = [];
      for (const [way, balance] of Object.entries(WAYS))
        samples.push(...(await behind(bench, group, way, balance)));
      return samples.map((sample) => ({ sample }));
    },
  });
}

async function behind(bench: Bench, group: Group, name: string, balance: string): Promise<readonly Sample[]> {
  const { load, engine } = group;
  const ports = group.targets.map(({ port }) => port);
  const haproxy = await Haproxy.start(ports, balance);
  try {
    const target = { ...group.at(0), port: haproxy.port, namesTenant: true };
    // names of their own: an instance goes on hearing a tenant for a while after its last peer has left
    await load.call('openTenants', { ...target, ...SHAPE, name: name.replace(' ', '-') });
    await load.call('settle', { audience: SHAPE.perTenant });
    const options = { bytes: BYTES, tenants: DEPTH, perTenant: SHAPE.perTenant };
    await load.call('talk', { ...options, ms: bench.plan.ms });
    const before = await engine.delivered();
    const cost = await group.cost(() => load.call('talk', { ...options, ms: bench.plan.ms }));
    const delivered = (await engine.delivered()) - before;
    await load.call('close');
    const { sends, elapsedMs } = cost.result;
    const deliveries = sends * SHAPE.perTenant;
    const rate = { value: (deliveries / cost.all) * 1e6, byClock: (deliveries / elapsedMs) * 1000 };
    const rest = [(cost.all - cost.engine) / deliveries, cost.engine / deliveries, delivered / sends];
    return [rate, ...rest.map((value) => ({ value }))];
  } finally {
    await haproxy.stop();
  }
}
