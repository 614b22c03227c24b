import should from 'should';
import { Broker } from '../../support/cluster/broker.js';
import { Instance, type InstanceOptions, TIMING } from '../../support/cluster/instance.js';
import { Relay } from '../../support/cluster/relay.js';
import { until } from '../../support/cluster/until.js';
import type { SocketClient } from '../../support/core/socket-client.js';

describe('src/cluster: when the broker fails', () => {
  let broker: Broker;
  let instances: Instance[];

  async function start(count: number, options: InstanceOptions = {}): Promise<[Instance, Instance]> {
    for (let i = 0; i < count; i += 1) instances.push(await Instance.start(broker.settings, options));
    return instances as unknown as [Instance, Instance]; // a test with one uses one
  }

  async function session(instance: Instance, peer: SocketClient) {
    return (await instance.server.messageFrom(peer))._session;
  }

  beforeEach(async () => {
    broker = await Broker.start();
    instances = [];
  });
  afterEach(async () => {
    for (const instance of instances) await instance.stop();
    await broker.stop();
  });

  it('peers stay, come and are sent to here, with an error that says so, and all is well when it is back', async () => {
    const [a, b] = await start(2);
    for (const instance of instances) await instance.reach('up');
    const here = await a.server.connect();
    const there = await b.server.connect();
    const _session = await session(a, here);
    await broker.pause();
    for (const instance of instances) await instance.reach('down');
    should(a.server.listener.state).have.properties({ kind: 'cluster-down', count: 1 });
    should(await a.server.send({ payload: 'lost there', _session })).have.property('code', 'cluster-down');
    should(await here.nextText()).equal('lost there');
    const late = await a.server.connect({ tenant_id: 'globex' });
    const lateSession = await session(a, late);
    await broker.resume();
    for (const instance of instances) await instance.reach('up');
    await until(() => broker.subscribed.size === 5); // all tenants again, too
    should(a.server.listener.state).have.properties({ kind: 'connected', count: 2 });
    should(await b.server.send({ payload: 'to acme', _session })).equal(undefined);
    should(await b.server.send({ payload: 'to globex', _session: lateSession })).equal(undefined);
    for (const peer of [here, there]) should(await peer.nextText()).equal('to acme');
    should(await late.nextText()).equal('to globex');
    for (const peer of [here, there, late]) {
      await peer.drained();
      should(peer.unread).equal(0);
    }
  });

  it('a broker that never answers keeps nobody out', async () => {
    await broker.pause();
    const [a] = await start(1);
    await a.reach('down');
    should(a.server.listener.state).have.properties({
      kind: 'cluster-down',
      reason: 'ECONNREFUSED',
      count: 0,
    });
    const ann = await a.server.connect();
    should(a.server.listener.state).have.properties({ kind: 'cluster-down', count: 1 });
    await ann.close();
  });

  it('what it does not let us subscribe to is told as that', async () => {
    broker.maySubscribe = (topic) => !topic.endsWith('/hb');
    const [a] = await start(1);
    await a.reach('down');
    should(a.cluster.state).eql({ kind: 'down', reason: 'denied' });
    should(await a.server.connect()).be.ok();
    broker.maySubscribe = () => true;
    await a.reach('up');
  });

  it('a tenant that may not be subscribed to is no whole cluster', async () => {
    const [a] = await start(1);
    await a.reach('up');
    broker.maySubscribe = (topic) => !topic.includes('/t/');
    const ann = await a.server.connect(); // let in all the same
    await a.reach('down');
    should(a.cluster.state).eql({ kind: 'down', reason: 'denied' });
    should(await a.server.send({ payload: 'x', _session: await session(a, ann) })).have.property(
      'code',
      'cluster-down',
    );
  });

  it('a connection on which we do not hear ourselves is none, and one again once we do', async () => {
    const [a] = await start(1);
    await a.reach('up');
    broker.isDeaf = true;
    await a.reach('down');
    should(a.cluster.state).eql({ kind: 'down', reason: 'unheard' });
    broker.isDeaf = false;
    await a.reach('up');
  });

  it('a member that is silent is forgotten, and one that says good-bye at once', async () => {
    const [a, b] = await start(2, { timing: { expireMs: 300 } });
    const silent = await Instance.start(broker.settings, { timing: { beatMs: 60_000 } });
    instances.push(silent);
    for (const instance of [a, b]) await instance.reach('up');
    for (const instance of [a, b]) await instance.knows(1); // the other; the silent one was there, or is
    await instances.splice(1, 1)[0]?.stop();
    await a.knows(0);
  });

  it('a long outage is not over before those are back who were there before: what is sent until then is told of', async () => {
    const relay = await Relay.start(Number(broker.node.port));
    const [a] = await start(1, { timing: { returnMs: 30_000 } });
    const b = await Instance.start({
      url: `mqtt://127.0.0.1:${relay.port}`,
      options: { protocolVersion: 4 },
    });
    instances.push(b);
    for (const instance of instances) await instance.reach('up');
    for (const instance of instances) await instance.knows(1);
    const here = await a.server.connect();
    const there = await b.server.connect();
    const _session = await session(a, here);
    await broker.pause();
    for (const instance of instances) await instance.reach('down');
    relay.die();
    const startedMs = performance.now();
    await until(() => performance.now() - startedMs > 2 * TIMING.expireMs); // longer than a member may be silent
    const passed = broker.passed.length;
    await broker.resume();
    await until(() => broker.passed.length > passed + 10); // it hears itself
    should(await a.server.send({ payload: 'too early', _session })).have.property('code', 'cluster-down');
    relay.revive();
    await a.reach('up');
    should(await a.server.send({ payload: 'to both', _session })).equal(undefined);
    should(await there.nextText()).equal('to both');
    await relay.stop();
  });

  it('twice at once: no client is left behind, and none comes twice', async () => {
    const [a] = await start(1);
    for (let i = 0; i < 5; i += 1) {
      await a.reach('up');
      await broker.pause();
      await a.reach('down');
      await broker.resume();
    }
    await a.reach('up');
    await until(() => [...broker.subscribed.values()].every((count) => count === 1));
  });
});

describe('src/cluster: clocks', () => {
  it('that differ by more than half a minute are told of, and by more than a minute stop messages', async () => {
    const broker = await Broker.start();
    const a = await Instance.start(broker.settings);
    const near = await Instance.start(broker.settings, { timing: { now: () => Date.now() + 40_000 } });
    await until(() => a.events.items.some((event) => event.kind === 'clock' && event.offMs > 30_000));
    await a.reach('up');
    should(a.cluster.size).equal(1);
    const far = await Instance.start(broker.settings, { timing: { now: () => Date.now() - 90_000 } });
    await a.reach('off-clock');
    await until(() => a.server.listener.state.kind === 'cluster-down');
    should(a.server.listener.state).have.property('reason', 'clock');
    should(a.cluster.size).equal(1);
    await far.stop();
    await a.reach('up');
    await near.stop();
    await a.stop();
    await broker.stop();
  });
});
