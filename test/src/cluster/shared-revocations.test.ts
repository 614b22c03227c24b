import { isDeepStrictEqual } from 'node:util';
import should from 'should';
import { Broker } from '../../support/cluster/broker.js';
import { Instance, type InstanceOptions, PATIENT } from '../../support/cluster/instance.js';
import { Relay } from '../../support/cluster/relay.js';
import { until } from '../../support/cluster/until.js';
import { holding } from '../../support/core/holding.js';
import { memoryStore } from '../../support/core/memory-store.js';
import { SocketClient } from '../../support/core/socket-client.js';
import { seconds, token } from '../../support/core/tokens.js';

const ANN = { sub: 'ann', tenant_id: 'acme', exp: seconds(3600), iat: seconds(-10) };
const BOTH = { answered: 2, missing: 0 };
const ALONE = { answered: 1, missing: 1 };
const REVOKED = { code: 4401, reason: 'token revoked' };

describe('src/cluster: revocations', () => {
  let broker: Broker;
  let instances: Instance[];
  let relays: Relay[];
  let a: Instance;
  let b: Instance;

  async function start(...options: InstanceOptions[]): Promise<void> {
    for (const one of options.length > 0 ? options : [{}, {}]) {
      instances.push(
        await Instance.start(broker.settings, { ...one, timing: { ...PATIENT, ...one.timing } }),
      );
    }
    [a, b] = instances as [Instance, Instance];
    await together();
  }

  async function together(): Promise<void> {
    for (const instance of instances) await instance.reach('up');
    for (const instance of instances) await instance.knows(instances.length - 1);
  }

  async function opens(instance: Instance, claims: Record<string, unknown> = ANN): Promise<boolean> {
    const peer = await SocketClient.open(instance.server.url(token(claims))).catch(() => undefined);
    await peer?.close();
    return peer !== undefined;
  }

  /** Resolves once all have so many revocations. */
  async function allHave(count: number): Promise<void> {
    const listed = async ({ server }: Instance) => {
      const outcome = await server.listener.control({ kind: 'revocations' });
      return outcome.kind === 'payload' ? (outcome.payload as unknown[]).length : -1;
    };
    for (const instance of instances) await until(async () => (await listed(instance)) === count);
  }

  beforeEach(async () => {
    broker = await Broker.start();
    instances = [];
    relays = [];
  });
  afterEach(async () => {
    for (const instance of instances) await instance.stop();
    for (const relay of relays) await relay.stop();
    await broker.stop();
  });

  it('are in force on all before a flow hears of it, and are taken back on all', async () => {
    await start();
    const here = await a.server.connect(ANN);
    const there = await b.server.connect(ANN);
    const bob = await b.server.connect({ ...ANN, sub: 'bob' });
    const { payload, instances: told } = await a.control('revoke', { subject: 'ann', seconds: 60 });
    should(payload).match({ disconnected: 2 });
    should(told).eql(BOTH);
    for (const peer of [here, there]) should(await peer.closed).eql(REVOKED);
    for (const instance of instances) {
      should(await opens(instance)).be.false();
      should(await opens(instance, { ...ANN, iat: seconds(5) })).be.true();
      should(await instance.control('revocations')).match({
        payload: [{ subject: 'ann', until: (payload as { until: number }).until }],
        instances: BOTH,
      });
    }
    should(await b.server.messageFrom(bob)).match({ payload: 'hello' });
    should(await b.control('restore', { subject: 'ann' })).eql({ payload: { restored: 1 }, instances: BOTH });
    for (const instance of instances) should(await opens(instance)).be.true();
    should(await a.control('restore', { subject: 'ann' })).eql({ payload: { restored: 0 }, instances: BOTH });
    await allHave(0);
  });

  it('for a token and for a tenant hold on all, too', async () => {
    await start();
    await a.control('revoke', { jti: 'x' });
    await b.control('revoke', { tenantId: 'globex', subject: 'bob' });
    await allHave(2);
    for (const instance of instances) {
      should(await opens(instance, { ...ANN, jti: 'x', iat: seconds(5) })).be.false();
      should(await opens(instance, { ...ANN, jti: 'y' })).be.true();
      should(await opens(instance, { ...ANN, sub: 'bob', tenant_id: 'globex' })).be.false();
      should(await opens(instance, { ...ANN, sub: 'bob' })).be.true();
    }
  });

  it('that are made while a handshake is pending elsewhere count for it', async () => {
    const { middleware, reached, go } = holding();
    await start({}, { listener: { middleware: [middleware] } });
    const refused = SocketClient.refused(b.server.url(token(ANN)));
    await reached;
    should((await a.control('revoke', { subject: 'ann' })).instances).eql(BOTH);
    go();
    should((await refused).body).equal('{"error":"token_revoked"}');
    should(b.server.listener.connected.size).equal(0);
  });

  it('that are made elsewhere refuse the new token of a connection', async () => {
    await start(
      { properties: { tokenSources: ['query', 'message'] } },
      { properties: { tokenSources: ['query', 'message'] } },
    );
    const peer = await b.server.connect({ ...ANN, jti: 'old' });
    should(await a.control('revoke', { jti: 'new' })).match({
      payload: { disconnected: 0 },
      instances: BOTH,
    });
    peer.send(
      JSON.stringify({ type: 'authenticate', token: token({ ...ANN, jti: 'new', exp: seconds(7200) }) }),
    );
    should(await peer.nextJson()).eql({ type: 'unauthorized', error: 'token_revoked' });
  });

  it('reach who joins late, and end the connections that he has let in', async () => {
    const store = memoryStore();
    instances.push(await Instance.start(broker.settings));
    const [first] = instances as [Instance];
    await first.reach('up');
    await first.control('revoke', { subject: 'ann', seconds: 30 });
    await first.control('revoke', { jti: 'a year', seconds: 31_536_000 });
    await broker.pause();
    const late = await Instance.start(broker.settings, { listener: { revocationStore: store } });
    instances.push(late);
    [a, b] = instances as [Instance, Instance];
    const ann = await late.server.connect(ANN);
    const newer = await late.server.connect({ ...ANN, iat: seconds(5) });
    await broker.resume();
    should(await ann.closed).eql(REVOKED);
    await allHave(2);
    should(await opens(late)).be.false();
    should(await late.server.messageFrom(newer)).match({ payload: 'hello' });
    await until(() => store.saved.at(-1)?.length === 2);
  });

  for (const [what, silence] of [
    ['the broker was away', 'broker'],
    ['one of them was silent', 'relay'],
  ] as const) {
    it(`made on both sides while ${what}, and taken back there, are the same on both afterwards`, async () => {
      const relay = await Relay.start(Number(broker.node.port));
      relays.push(relay);
      const behind = { ...broker.settings, url: `mqtt://127.0.0.1:${relay.port}` };
      for (const way of [broker.settings, behind]) {
        instances.push(await Instance.start(way, { timing: { askMs: 500 } }));
      }
      [a, b] = instances as [Instance, Instance];
      await together();
      await a.control('revoke', { subject: 'back', seconds: 60 });
      await a.control('revoke', { subject: 'longer', seconds: 60 });
      await allHave(2);
      if (silence === 'broker') await broker.pause();
      else relay.die();
      await b.reach('down');
      const ann = await a.server.connect(ANN);
      should(await b.control('revoke', { subject: 'ann' })).match({
        payload: { disconnected: 0 },
        instances: ALONE,
      });
      await a.control('revoke', { subject: 'bob' });
      should(await b.control('restore', { subject: 'back' })).match({
        payload: { restored: 1 },
        instances: ALONE,
      });
      await a.control('revoke', { subject: 'longer', seconds: 600 });
      should(await opens(a)).be.true();
      if (silence === 'broker') await broker.resume();
      else relay.revive();
      should(await ann.closed).eql(REVOKED);
      await together();
      await allHave(3);
      const [here, there] = await Promise.all(
        instances.map(async (instance) => {
          const { payload } = await instance.control('revocations');
          return (payload as { subject: string }[]).sort((one, other) =>
            one.subject < other.subject ? -1 : 1,
          );
        }),
      );
      should(here).eql(there);
      should(here?.map(({ subject }) => subject)).eql(['ann', 'bob', 'longer']);
    });
  }

  it('that were taken back do not come back with who has not heard of it', async () => {
    const relay = await Relay.start(Number(broker.node.port));
    relays.push(relay);
    const behind = { ...broker.settings, url: `mqtt://127.0.0.1:${relay.port}` };
    instances.push(await Instance.start(broker.settings), await Instance.start(behind));
    [a, b] = instances as [Instance, Instance];
    await together();
    await a.control('revoke', { subject: 'ann', seconds: 60 });
    should(await opens(b)).be.false();
    relay.die();
    await until(() => a.cluster.size === 0);
    should(await a.control('restore', { subject: 'ann' })).match({ payload: { restored: 1 } });
    should(await opens(b)).be.false();
    relay.revive();
    await together();
    await allHave(0);
    should(await opens(b)).be.true();
    await until(async () =>
      isDeepStrictEqual((await b.control('revoke', { subject: 'ann' })).instances, BOTH),
    ); // which is the latest word
    await allHave(1);
    for (const instance of instances) should(await opens(instance)).be.false();
  });

  it('are the same on three after any of them was alone, and then nothing more is said of them', async () => {
    await start({}, {}, {});
    await Promise.all(
      Array.from({ length: 30 }, (_, i) => instances[i % 3]?.control('revoke', { jti: `t${i}` })),
    );
    await broker.pause();
    for (const instance of instances) await instance.reach('down');
    for (const [i, instance] of instances.entries()) await instance.control('revoke', { jti: `alone ${i}` });
    await a.control('revoke', { jti: 'soon over', seconds: 0.001 });
    await broker.resume();
    await together();
    await allHave(33);
    // twenty heartbeats of each, and nothing else
    await until(() => broker.passed.slice(-60).every(({ topic }) => topic.endsWith('/hb')));
  });

  it('cannot be told by who does not know them: he says nothing, and lets nobody in', async () => {
    let works = false;
    const store = {
      load: async () => {
        if (!works) throw new Error('no disk');
        return [];
      },
      save: async () => {},
    };
    await start({ timing: { askMs: 500 } }, { listener: { revocationStore: store } });
    should(await a.control('revoke', { subject: 'ann' })).match({ instances: ALONE });
    should((await SocketClient.refused(b.server.url(token({ ...ANN, sub: 'bob' })))).status).equal(503);
    works = true;
    should(await opens(b, { ...ANN, sub: 'bob' })).be.true();
    should(await opens(b)).be.false(); // heard meanwhile
    await allHave(1);
  });
});
