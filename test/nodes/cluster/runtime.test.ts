import { setImmediate } from 'node:timers/promises';
import should from 'should';
import { Broker } from '../../support/cluster/broker.js';
import { CLUSTER_SECRET, Instance } from '../../support/cluster/instance.js';
import { until } from '../../support/cluster/until.js';
import { backTo, resources } from '../../support/core/resources.js';
import { SECRET } from '../../support/core/tokens.js';
import { type Credentials, type Flow, Runtime } from '../../support/runtime/runtime.js';

const PASSWORD = 'the password of the broker';
const CREDENTIALS: Credentials = {
  l: { jwtSecret: SECRET },
  k: { secret: CLUSTER_SECRET },
  b: { user: 'node-red', password: PASSWORD },
};

describe('nodes/cluster', () => {
  let broker: Broker;
  let runtime: Runtime | undefined;
  let other: Instance | undefined;

  /** An echo to the tenant, in a listener of a cluster, with the same path as `other`. */
  function flow(out: object = {}, cluster: object = {}): Flow {
    return [
      { id: 'f', type: 'tab' },
      {
        id: 'b',
        type: 'mqtt-broker',
        ...broker.node,
        clientid: 'mine',
        protocolVersion: '4',
        keepalive: '60',
      },
      { id: 'k', type: 'websocket-plus-cluster', broker: 'b', prefix: 'wsp', ...cluster },
      { id: 'l', type: 'websocket-plus-listener', path: '/ws', cluster: 'k' },
      { id: 'in', z: 'f', type: 'websocket-plus in', server: 'l', wires: [['out']] },
      { id: 'out', z: 'f', type: 'websocket-plus out', server: 'l', wires: [], ...out },
    ];
  }

  beforeEach(async () => {
    broker = await Broker.start();
  });
  afterEach(async () => {
    await runtime?.stop();
    runtime = undefined;
    await other?.stop();
    other = undefined;
    await broker.stop();
  });

  it("a flow's messages reach the peers of another instance, with the broker's own user and password", async () => {
    other = await Instance.start(broker.settings);
    runtime = await Runtime.start(flow(), CREDENTIALS);
    await other.reach('up');
    await other.knows(1);
    const there = await other.server.connect();
    const here = await runtime.connect('/ws');
    here.send('hello');
    should(await here.nextText()).equal('hello');
    should(await there.nextText()).equal('hello');
    const [login] = broker.logins.filter(({ user }) => user === 'node-red');
    should(login?.password).equal(PASSWORD);
    should(login?.id).match(/^wsp[\da-f]{20}$/); // never the name that the node has
    should(broker.logins).have.length(2); // the node itself does not connect: nobody uses it
    for (const secret of [PASSWORD, CLUSTER_SECRET]) should(runtime.wholeLog).not.containEql(secret);
  });

  it('what is for this instance only stays here', async () => {
    other = await Instance.start(broker.settings);
    runtime = await Runtime.start(flow({ localOnly: true }), CREDENTIALS);
    await other.knows(1);
    const there = await other.server.connect();
    const here = await runtime.connect('/ws');
    here.send('hello');
    should(await here.nextText()).equal('hello');
    const session = (await other.server.messageFrom(there))._session;
    should(await other.server.send({ payload: 'last', _session: session })).equal(undefined);
    should(await there.nextText()).equal('last');
    should(there.unread).equal(0);
  });

  it('an outage is a ring with the reason, one warning, an error for Catch, and one line when it is over', async () => {
    runtime = await Runtime.start(flow(), CREDENTIALS);
    const here = await runtime.connect('/ws');
    await until(() => broker.subscribed.size === 3);
    await broker.pause();
    await until(() => String(runtime?.lastStatus('out')?.text).startsWith('status.cluster-down'));
    should(runtime.lastStatus('out')).have.properties({ fill: 'yellow', shape: 'ring' });
    await until(() => runtime?.log.some((line) => line.includes('warn.cluster-down')) === true);
    here.send('hello');
    should(await here.nextText()).equal('hello');
    await until(() => runtime?.log.some((line) => line.includes('errors.cluster-down')) === true);
    await broker.resume();
    await until(() => runtime?.wholeLog.includes('info.cluster-up') === true);
    should(runtime.log.filter((line) => line.includes('warn.cluster-down'))).have.length(1);
    should(runtime.lastStatus('out')).have.properties({ fill: 'green' });
  });

  it('a broker that allows no subscription is a red ring', async () => {
    broker.maySubscribe = () => false;
    runtime = await Runtime.start(flow(), CREDENTIALS);
    await until(() => String(runtime?.lastStatus('out')?.text).startsWith('status.cluster-down'));
    should(runtime.lastStatus('out')).have.properties({ fill: 'red', shape: 'ring' });
  });

  it('a flood of what no instance has sent is a red ring, one warning that says what to do, and one line when it is over', async () => {
    runtime = await Runtime.start(flow(), CREDENTIALS);
    await until(() => broker.subscribed.size === 2);
    const [topic] = broker.subscribed.keys();
    let isOver = false;
    const flood = (async () => {
      while (!isOver) {
        for (let i = 0; i < 100; i += 1) await broker.publish(topic ?? '', Buffer.alloc(100, 1));
        await setImmediate();
      }
    })();
    await until(() => String(runtime?.lastStatus('out')?.text).startsWith('status.cluster-down'));
    should(runtime.lastStatus('out')).have.properties({ fill: 'red', shape: 'ring' });
    isOver = true;
    await flood;
    await until(() => runtime?.wholeLog.includes('info.cluster-up') === true);
    should(runtime.log.filter((line) => line.includes('warn.cluster'))).have.length(1);
    should(runtime.log.filter((line) => line.includes('warn.cluster-flooded'))).have.length(1);
    should(runtime.lastStatus('out') ?? {}).not.have.property('text'); // as before the first peer
  });

  it('a listener whose cluster is missing or misconfigured serves nobody, and says so', async () => {
    for (const [nodes, credentials, code] of [
      [flow().filter(({ id }) => id !== 'k'), CREDENTIALS, 'cluster-missing'],
      [flow().filter(({ id }) => id !== 'b'), CREDENTIALS, 'broker-missing'],
      [flow({}, { broker: '' }), CREDENTIALS, 'broker-missing'],
      [flow({}, { broker: 'f' }), CREDENTIALS, 'broker-missing'],
      [flow({}, { prefix: 'a/#' }), CREDENTIALS, 'prefix'],
      [flow(), { ...CREDENTIALS, k: { secret: 'short' } }, 'cluster-secret'],
      [flow(), { ...CREDENTIALS, k: {} }, 'cluster-secret-missing'],
      [
        flow(),
        { ...CREDENTIALS, k: { secret: 'half of it: $'.concat('{VARIABLE}, 0123456789') } },
        'secret-variable',
      ],
    ] as const) {
      runtime = await Runtime.start(nodes, credentials as Credentials);
      should((await runtime.refused('/ws')).status).equal(503);
      should(runtime.log.filter((line) => line.includes(`errors.${code}`))).have.length(1, code);
      should(runtime.lastStatus('out')?.text).match(/status\.cluster-(missing|broken)$/);
      await runtime.stop();
      runtime = undefined;
    }
  });

  it('of two listeners of one path in a process the one that serves it belongs to the cluster', async () => {
    other = await Instance.start(broker.settings);
    const rival = { id: 'l2', type: 'websocket-plus-listener', path: 'ws', cluster: 'k' };
    const both: Credentials = { ...CREDENTIALS, l2: { jwtSecret: SECRET } };
    runtime = await Runtime.start([...flow(), rival], both);
    await other.reach('up');
    await other.knows(1);
    const there = await other.server.connect();
    const _session = (await other.server.messageFrom(there))._session;
    for (const deployed of [
      undefined,
      flow().filter(({ id }) => id !== 'l' && id !== 'in' && id !== 'out'),
    ]) {
      if (deployed !== undefined) await runtime.deploy([...deployed, rival], 'flows', both);
      const here = await runtime.connect('/ws');
      should(await other.server.send({ payload: 'hello', _session })).equal(undefined);
      should(await here.nextText()).equal('hello');
      await here.close();
    }
  });

  for (const order of ['bkl', 'blk', 'kbl', 'klb', 'lbk', 'lkb']) {
    it(`broker, cluster and listener, deployed one after the other and taken away again (${order}), are what is there of them`, async () => {
      const missing = new Set(order);
      const idOf = (id: string) => (missing.has(id) ? '' : id);
      // as the editor does: who refers to what is taken away is changed, and who is to refer to what has come
      const deploy = () =>
        runtime?.deploy(
          flow({ server: idOf('l') }, { broker: idOf('b') })
            .filter(({ id }) => !missing.has(String(id)))
            .map((node) => (node.id === 'l' ? { ...node, cluster: idOf('k') } : node))
            .map((node) => (node.id === 'in' ? { ...node, server: idOf('l') } : node)),
          'nodes',
          CREDENTIALS,
        );
      const look = async () => {
        const isMember = !missing.has('k') && !missing.has('b');
        await other?.knows(isMember ? 1 : 0);
        if (missing.has('l')) return;
        if (!isMember && !missing.has('k')) {
          should((await runtime?.refused('/ws'))?.status).equal(503); // a cluster that does not work is not none
          return;
        }
        const here = await runtime?.connect('/ws');
        const there = await other?.server.connect();
        here?.send('hello');
        should(await here?.nextText()).equal('hello');
        if (isMember) should(await there?.nextText()).equal('hello');
        await here?.close();
        await there?.close();
      };
      runtime = await Runtime.start([{ id: 'f', type: 'tab' }]);
      const before = await resources();
      other = await Instance.start(broker.settings);
      await other.reach('up');
      for (const id of order) {
        missing.delete(id);
        await deploy();
        await look();
      }
      for (const id of order) {
        missing.add(id);
        await deploy();
        await look();
      }
      await other.stop();
      other = undefined;
      await runtime.deploy([{ id: 'f', type: 'tab' }]);
      await until(() => broker.clients === 0);
      await backTo(before, 12_000); // a server holds a connection for 5 s that says nothing
    });
  }

  it('leaves nothing open, however its parts are deployed', async () => {
    runtime = await Runtime.start([{ id: 'f', type: 'tab' }]);
    const before = await resources();
    const variants = [
      flow(),
      flow({ localOnly: true }),
      flow({}, { prefix: 'other' }),
      flow().map((node) => (node.id === 'b' ? { ...node, keepalive: '30' } : node)),
      flow().map((node) => (node.id === 'l' ? { ...node, routingScope: 'global' } : node)),
      flow().map((node) => (node.id === 'l' ? { ...node, cluster: '' } : node)),
    ];
    for (const type of ['full', 'nodes', 'flows'] as const) {
      for (const variant of variants) {
        await runtime.deploy(variant, type, CREDENTIALS);
        const client = await runtime.connect('/ws');
        await client.close();
      }
    }
    await runtime.deploy([{ id: 'f', type: 'tab' }]);
    await until(() => broker.clients === 0);
    await backTo(before);
  });
});
