import should from 'should';
import { Broker } from '../../support/cluster/broker.js';
import { Insider } from '../../support/cluster/insider.js';
import { Instance, type InstanceOptions, PATIENT } from '../../support/cluster/instance.js';
import { until } from '../../support/cluster/until.js';
import { SocketClient } from '../../support/core/socket-client.js';

type Row = { readonly session: Record<string, unknown>; readonly connectedAt: number };

const ALL = { answered: 3, missing: 0 };

/** None of them is given up because the machine is busy. */
function patient(options: InstanceOptions): InstanceOptions {
  return { ...options, timing: { ...PATIENT, ...options.timing } };
}

describe('src/cluster: ws.control+ over three instances', () => {
  let broker: Broker;
  let instances: Instance[];
  let a: Instance;
  let b: Instance;
  let c: Instance;

  async function start(options: InstanceOptions = {}): Promise<void> {
    for (let i = 0; i < 3; i += 1) instances.push(await Instance.start(broker.settings, patient(options)));
    [a, b, c] = instances as [Instance, Instance, Instance];
    await together();
  }

  async function together(): Promise<void> {
    for (const instance of instances) await instance.reach('up');
    for (const instance of instances) await instance.knows(instances.length - 1);
  }

  /** Connects these subjects, one after the other, each to the next instance and in a millisecond of its own: that is their order. */
  async function connect(...subjects: string[]): Promise<SocketClient[]> {
    const peers: SocketClient[] = [];
    for (const [index, sub] of subjects.entries()) {
      const tenant_id = index % 2 === 0 ? 'acme' : 'globex';
      const instance = instances[index % instances.length] ?? a;
      peers.push(await instance.server.connect({ sub, tenant_id, jti: `jti-${sub}` }));
      const connectedMs = Date.now();
      await until(() => Date.now() > connectedMs);
    }
    return peers;
  }

  async function rowsOf(from: Instance, payload?: unknown): Promise<Row[]> {
    return (await from.control('list', payload)).payload as Row[];
  }

  function subjectsOf(rows: readonly Row[]): unknown[] {
    return rows.map(({ session }) => session.subject);
  }

  beforeEach(async () => {
    broker = await Broker.start();
    instances = [];
  });
  afterEach(async () => {
    for (const instance of instances) await instance.stop();
    await broker.stop();
  });

  it('counts connections and tenants of all, each tenant once, without asking', async () => {
    await start();
    await connect('ann', 'bob', 'eve', 'joe', 'kim');
    for (const instance of instances) {
      const isTold = (counted: unknown) =>
        until(
          async () => JSON.stringify((await instance.control('count')).payload) === JSON.stringify(counted),
        );
      await isTold({ connections: 5, tenants: 2 });
      should((await instance.control('count')).instances).eql(ALL);
      should(await instance.control('count', { tenantId: 'acme' })).eql({
        payload: { connections: 3, tenants: 1 },
        instances: ALL,
      });
      should(await instance.control('count', { tenantId: 'initech' })).eql({
        payload: { connections: 0, tenants: 0 },
        instances: ALL,
      });
      should((await instance.control('count', { tenantId: null })).payload).eql({
        connections: 0,
        tenants: 0,
      });
    }
    const asked = broker.passed.length;
    await a.control('count');
    should(broker.passed.slice(asked).filter(({ topic }) => topic.endsWith('/in'))).eql([]);
  });

  it('counts subjects, tokens and sessions, by asking', async () => {
    await start();
    await connect('ann', 'bob', 'ann', 'ann');
    for (const instance of instances) {
      should(await instance.control('count', { subject: 'ann' })).eql({
        payload: { connections: 3, tenants: 2 },
        instances: ALL,
      });
      should((await instance.control('count', { jti: 'jti-bob' })).payload).eql({
        connections: 1,
        tenants: 1,
      });
      const [row] = await rowsOf(a, { subject: 'bob' });
      should(await instance.control('count', { session: row?.session.id })).match({
        payload: { connections: 1, tenants: 1 },
        instances: { missing: 0 },
      });
    }
  });

  it('lists all, the oldest first, whichever instance is asked, with sessions that prove what they prove there', async () => {
    await start({ properties: { sessionClaims: 'sub' } });
    const names = ['ann', 'bob', 'eve', 'joe', 'kim', 'lea', 'max'];
    const peers = await connect(...names);
    for (const instance of instances) {
      const { payload, instances: told } = await instance.control('list');
      should(told).eql(ALL);
      const rows = payload as Row[];
      should(subjectsOf(rows)).eql(names);
      const times = rows.map(({ connectedAt }) => connectedAt);
      should(times).eql([...times].sort((one, other) => one - other));
      for (const [index, { session }] of rows.entries()) {
        const asMessage = (await instances[index % 3]?.server.messageFrom(peers[index] as SocketClient))
          ?._session;
        should(session).eql(asMessage);
      }
      should(subjectsOf(await rowsOf(instance, { tenantId: 'globex' }))).eql(['bob', 'joe', 'lea']);
      const [ann] = rows;
      should(await instance.server.send({ payload: 'to acme', _session: ann?.session })).equal(undefined);
      for (const peer of [peers[0], peers[2], peers[4], peers[6]])
        should(await peer?.nextText()).equal('to acme');
    }
  });

  it('lists page by page across instances, also when the last connection of a page has gone meanwhile', async () => {
    await start();
    const names = ['ann', 'bob', 'eve', 'joe', 'kim', 'lea', 'max'];
    const peers = await connect(...names);
    const first = await rowsOf(a, { limit: 3 });
    should(subjectsOf(first)).eql(['ann', 'bob', 'eve']);
    const after = first.at(-1)?.session.id;
    should(subjectsOf(await rowsOf(b, { limit: 2, after }))).eql(['joe', 'kim']); // asks around where Eve is
    await peers[2]?.close();
    await until(() => c.server.listener.connected.size === 1);
    for (const instance of [a, c]) {
      should(subjectsOf(await rowsOf(instance, { limit: 2, after }))).eql(['joe', 'kim']); // a has told that page
    }
    const rest = await rowsOf(a, { limit: 9, after });
    should(subjectsOf(rest)).eql(['joe', 'kim', 'lea', 'max']);
    should(await rowsOf(b, { after: rest.at(-1)?.session.id })).eql([]);
    const unknown = `${String(after).slice(0, -6)}AAAAAA`;
    await should(rowsOf(b, { after: unknown })).rejectedWith({ code: 'control-after' });
  });

  it('lists more than goes into one message', async () => {
    await start({ properties: { sessionClaims: 'long' } });
    const long = 'x'.repeat(5000);
    for (let index = 0; index < 60; index += 1) {
      await b.server.connect({ sub: `s${index}`, tenant_id: 'acme', long });
    }
    const { payload, instances: told } = await a.control('list', { limit: 50 });
    should(told).eql(ALL);
    const rows = payload as Row[];
    const rest = await rowsOf(a, { after: rows.at(-1)?.session.id });
    should(subjectsOf([...rows, ...rest])).eql(Array.from({ length: 60 }, (_, index) => `s${index}`));
    should(rows[49]?.session.claims).eql({ long });
    should(broker.passed.filter(({ payload: sealed }) => sealed.length > 100_000).length).be.above(1);
    should(broker.passed.filter(({ payload: sealed }) => sealed.length > 140_000)).eql([]);
  });

  it('disconnects on all, with code and reason, and says how many there were', async () => {
    await start();
    const [ann, bob, eve, joe] = (await connect('ann', 'bob', 'ann', 'joe')) as [
      SocketClient,
      SocketClient,
      SocketClient,
      SocketClient,
    ];
    should(await b.control('disconnect', { subject: 'ann', code: 4999, reason: 'over 5 €' })).eql({
      payload: { disconnected: 2 },
      instances: ALL,
    });
    for (const peer of [ann, eve]) should(await peer.closed).eql({ code: 4999, reason: 'over 5 €' });
    should(await b.control('disconnect', { subject: 'ann' })).match({ payload: { disconnected: 0 } });
    const [row] = await rowsOf(c, { subject: 'bob' });
    const before = broker.passed.length;
    should(await a.control('disconnect', String(row?.session.id))).eql({
      payload: { disconnected: 1 },
      instances: { answered: 2, missing: 0 }, // no other was asked
    });
    should(await bob.closed).eql({ code: 4403, reason: 'disconnected' });
    const asked = broker.passed.slice(before).filter(({ topic }) => topic.endsWith('/in'));
    should(asked.length).be.within(2, 4); // the question and its answer, and what was under way
    should(await c.control('disconnect', { all: true })).eql({
      payload: { disconnected: 1 },
      instances: ALL,
    });
    should((await joe.closed).code).equal(4403);
    should(await a.control('disconnect', String(row?.session.id))).match({ payload: { disconnected: 0 } });
  });

  it('with the broker away does it here, and counts the others as missing, however long it lasts', async () => {
    await start();
    const [ann, bob] = (await connect('ann', 'bob')) as [SocketClient, SocketClient];
    await broker.pause();
    for (const instance of instances) await instance.reach('down');
    const alone = { answered: 1, missing: 2 };
    should(await a.control('count')).eql({ payload: { connections: 1, tenants: 1 }, instances: alone });
    for (const action of ['list', 'count', 'revocations']) {
      should((await a.control(action)).instances).eql(alone);
    }
    should(await a.control('disconnect', { all: true })).eql({
      payload: { disconnected: 1 },
      instances: alone,
    });
    should((await ann.closed).code).equal(4403);
    await broker.resume();
    await together();
    should(await a.control('disconnect', { all: true })).eql({
      payload: { disconnected: 1 },
      instances: ALL,
    });
    should((await bob.closed).code).equal(4403);
  });

  it('a member that says nothing is missing after a while, and no error', async () => {
    await start({ timing: { askMs: 1500 } });
    await connect('ann', 'bob');
    const silent = await Insider.start(broker.settings);
    silent.appear(5);
    await a.knows(3);
    const keep = setInterval(() => silent.appear(5), 100);
    const { payload, instances: told } = await a.control('list');
    should(told).eql({ answered: 3, missing: 1 });
    should(subjectsOf(payload as Row[])).eql(['ann', 'bob']);
    clearInterval(keep);
    await silent.close();
  });

  it('does not ask a listener of another scope, nor does that one answer', async () => {
    await start();
    const other = await Instance.start(broker.settings, patient({ properties: { routingScope: 'global' } }));
    instances.push(other);
    await together();
    await other.server.connect({ sub: 'stranger', tenant_id: 'acme' });
    await connect('ann');
    should(await a.control('list')).match({ payload: { length: 1 }, instances: ALL });
    should(await a.control('disconnect', { all: true })).eql({
      payload: { disconnected: 1 },
      instances: ALL,
    });
    should(other.server.listener.connected.size).equal(1);
    should(await other.control('count')).eql({
      payload: { connections: 1, tenants: 1 },
      instances: { answered: 1, missing: 0 },
    });
  });

  it('asks 32 things at a time, and says so where there are more', async () => {
    await start({ timing: { askMs: 1500 } });
    const silent = await Insider.start(broker.settings);
    silent.appear();
    await a.knows(3);
    const asked = Array.from({ length: 32 }, () => a.control('count', { subject: 'ann' }));
    for (const [action, payload] of [
      ['list', {}],
      ['count', { jti: 'x' }],
      ['disconnect', { all: true }],
      ['revoke', { subject: 'ann' }],
      ['restore', { subject: 'ann' }],
    ] as const) {
      await should(a.control(action, payload)).rejectedWith({ code: 'control-busy' });
    }
    should((await a.control('revocations')).payload).eql([]); // nothing was done
    should(
      (await Promise.all(asked)).every(
        ({ payload }) => (payload as { connections: number }).connections === 0,
      ),
    ).be.true();
    should((await a.control('count', { subject: 'ann' })).payload).eql({ connections: 0, tenants: 0 });
    await silent.close();
  });

  it('waits for nobody when its listener goes', async () => {
    await start();
    const silent = await Insider.start(broker.settings);
    silent.appear();
    await a.knows(3);
    const asked = a.control('count', { subject: 'ann' });
    await silent.next('ask');
    await instances.shift()?.stop();
    should((await asked).instances)
      .have.property('missing')
      .above(0);
    await silent.close();
  });

  it('with an anonymous listener lists and disconnects all, and revokes nothing', async () => {
    await start({ properties: { jwtValidation: 'none' } });
    await SocketClient.open(a.server.url());
    await SocketClient.open(b.server.url());
    should(await c.control('list')).match({ payload: { length: 2 }, instances: ALL });
    should(await c.control('disconnect', { tenantId: null })).eql({
      payload: { disconnected: 2 },
      instances: ALL,
    });
    await should(c.control('revoke', { subject: 'ann' })).rejectedWith({ code: 'control-unsupported' });
  });
});
