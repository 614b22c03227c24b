import should from 'should';
import type { Narrowing } from '../../../src/config/out-options.js';
import { Broker } from '../../support/cluster/broker.js';
import { Instance, type InstanceOptions } from '../../support/cluster/instance.js';
import { until } from '../../support/cluster/until.js';
import { SocketClient } from '../../support/core/socket-client.js';

const SCOPES = ['tenant', 'session', 'global'] as const;

/** `msg._session` of a message that a peer has sent. */
async function sessionOf(instance: Instance, client: SocketClient): Promise<Record<string, unknown>> {
  return (await instance.server.messageFrom(client))._session as Record<string, unknown>;
}

describe('src/cluster: a listener on three instances', () => {
  let broker: Broker;
  let instances: Instance[];
  let a: Instance;
  let b: Instance;
  let c: Instance;

  async function startThree(options: InstanceOptions = {}): Promise<void> {
    for (let i = 0; i < 3; i += 1) instances.push(await Instance.start(broker.settings, options));
    [a, b, c] = instances as [Instance, Instance, Instance];
    for (const instance of instances) await instance.reach('up');
    for (const instance of instances) await instance.knows(2);
  }

  before(() => {
    console.log('    left out here: a real broker, and processes of their own (npm run test:cluster)');
  });
  beforeEach(async () => {
    broker = await Broker.start();
    instances = [];
  });
  afterEach(async () => {
    for (const instance of instances) await instance.stop();
    await broker.stop();
  });

  for (const routingScope of SCOPES) {
    it(`with scope ${routingScope} reaches on all of them whom it reaches on one, and nobody else`, async () => {
      await startThree({ properties: { routingScope } });
      const peers = await Promise.all(
        instances.flatMap((instance) =>
          ['acme', 'globex'].map((tenant_id) => instance.server.connect({ tenant_id })),
        ),
      );
      const [annA, , annB] = peers as [SocketClient, SocketClient, SocketClient];
      const session = await sessionOf(a, annA);
      for (const sender of instances) {
        const payload = `from ${instances.indexOf(sender)}`;
        should(await sender.server.send({ payload, _session: session })).equal(undefined);
        const expected = peers.filter(
          (peer, index) =>
            routingScope === 'global' || (routingScope === 'tenant' ? index % 2 === 0 : peer === annA),
        );
        for (const peer of expected) should(await peer.nextText()).equal(payload);
      }
      // what is sent last comes last: nothing else is under way
      const last = await sessionOf(b, annB);
      should(await c.server.send({ payload: 'last', _session: last })).equal(undefined);
      should(await annB.nextText()).equal('last');
      const heardLast = peers.filter(
        (peer, index) =>
          peer !== annB && (routingScope === 'global' || (routingScope === 'tenant' && index % 2 === 0)),
      );
      for (const peer of heardLast) should(await peer.nextText()).equal('last');
      for (const peer of peers) {
        await peer.drained();
        should(peer.unread).equal(0);
      }
    });
  }

  it('keeps the order of what one of them sends to a peer of another, text and bytes as they are', async () => {
    await startThree();
    const peer = await b.server.connect();
    const session = await sessionOf(b, peer);
    for (let i = 0; i < 500; i += 1) {
      const payload = i % 2 === 0 ? `text ${i} – é 😀` : Buffer.from([i & 255, 0, 255]);
      should(await a.server.send({ payload, _session: session })).equal(undefined);
    }
    for (let i = 0; i < 500; i += 1) {
      const { data, isBinary } = await peer.next();
      should(isBinary).equal(i % 2 === 1);
      should(
        data.equals(i % 2 === 0 ? Buffer.from(`text ${i} – é 😀`) : Buffer.from([i & 255, 0, 255])),
      ).be.true();
    }
  });

  it('reaches a tenant by a session of another instance also after its peer has left', async () => {
    await startThree();
    const ann = await a.server.connect();
    const session = await sessionOf(a, ann);
    await ann.close();
    const bob = await b.server.connect();
    should(await c.server.send({ payload: 'Ann has left', _session: session })).equal(undefined);
    should(await bob.nextText()).equal('Ann has left');
  });

  it('believes no session that was changed, nor one of another cluster', async () => {
    await startThree();
    const ann = await a.server.connect();
    const session = await sessionOf(a, ann);
    const id = String(session.id);
    const forged = [
      { ...session, tenantId: 'globex' },
      { ...session, tenantId: null },
      { ...session, id: `${id.slice(0, -4)}AAAA` },
      { ...session, id: `${id.startsWith('A') ? 'B' : 'A'}${id.slice(1)}` },
      { ...session, id: undefined },
    ];
    for (const _session of forged) {
      should(await b.server.send({ payload: 'x', _session })).have.property('code', 'send-no-session');
    }
    const other = await Instance.start(broker.settings, { secret: 'x'.repeat(32) });
    instances.push(other);
    const stranger = await other.server.connect();
    const foreign = await sessionOf(other, stranger);
    should(await b.server.send({ payload: 'x', _session: foreign })).have.property('code', 'send-no-session');
    should(other.cluster.size).equal(0);
  });

  it('with one fixed tenant, or anonymous, sends to all of them without a session', async () => {
    for (const properties of [{ tenantFrom: 'static', tenantId: 'acme' }, { jwtValidation: 'none' }]) {
      await startThree({ properties });
      const peers = await Promise.all(
        instances
          .map(({ server }) => SocketClient.open(server.url()))
          .map((peer) => peer.catch(() => undefined)),
      );
      const open = peers.filter((peer) => peer !== undefined);
      const all = open.length > 0 ? open : await Promise.all(instances.map(({ server }) => server.connect()));
      should(await a.server.send({ payload: 'news' })).equal(undefined);
      for (const peer of all) should(await peer.nextText()).equal('news');
      for (const instance of instances.splice(0)) await instance.stop();
    }
  });

  it('sends to peers of this instance alone where that is asked for', async () => {
    await startThree();
    const here = await a.server.connect();
    const there = await b.server.connect();
    const _session = await sessionOf(a, here);
    const onlyHere = a.server.listener.narrowed({ skipSender: false, localOnly: true });
    const send = (way: typeof onlyHere, payload: string) =>
      new Promise((resolve) => way({ payload, _session }, resolve));
    should(await send(onlyHere, 'only here')).equal(undefined);
    should(await send((...message) => a.server.listener.send(...message), 'everywhere')).equal(undefined);
    should(await here.nextText()).equal('only here');
    should(await here.nextText()).equal('everywhere');
    should(await there.nextText()).equal('everywhere');
  });

  it('takes the session that one of them was given for a tenant on all of them', async () => {
    await startThree();
    const bob = await b.server.connect();
    const outcome = await a.server.listener.control({ kind: 'address', tenantId: 'acme' });
    if (outcome.kind !== 'session') throw new Error(outcome.kind);
    for (const { server } of instances) {
      should(await server.send({ payload: 'to acme', _session: outcome.session })).equal(undefined);
      should(await bob.nextText()).equal('to acme');
    }
    const forged = { ...outcome.session, tenantId: 'globex' };
    should(await c.server.send({ payload: 'x', _session: forged })).have.property('code', 'send-no-session');
  });

  it('leaves out whom a message came from, and narrows its scope, on whichever instance the flow goes on', async () => {
    await startThree({ properties: { routingScope: 'global' } });
    const ann = await a.server.connect();
    const bob = await b.server.connect();
    const eve = await c.server.connect({ tenant_id: 'globex' });
    const _session = await sessionOf(a, ann);
    for (const from of instances) {
      const send = (payload: string, narrowing: Narrowing) =>
        new Promise((resolve) => from.server.listener.narrowed(narrowing)({ payload, _session }, resolve));
      should(await send('not to Ann', { skipSender: true, localOnly: false })).equal(undefined);
      for (const peer of [bob, eve]) should(await peer.nextText()).equal('not to Ann');
      const acme = { scope: 'tenant', localOnly: false } as const;
      should(await send('to acme but not to Ann', { ...acme, skipSender: true })).equal(undefined);
      should(await bob.nextText()).equal('to acme but not to Ann');
      should(await send('to acme', { ...acme, skipSender: false })).equal(undefined);
      for (const peer of [ann, bob]) should(await peer.nextText()).equal('to acme');
      const one = { scope: 'session', skipSender: true, localOnly: false } as const;
      should(await send('to Ann', one)).equal(undefined);
      should(await ann.nextText()).equal('to Ann');
    }
    for (const peer of [ann, bob, eve]) {
      await peer.drained();
      should(peer.unread).equal(0);
    }
  });

  it('takes nothing that a listener of another scope or another source of tenants sends, and says so once on both', async () => {
    const one = await Instance.start(broker.settings, { properties: { routingScope: 'tenant' } });
    const other = await Instance.start(broker.settings, { properties: { routingScope: 'global' } });
    instances.push(one, other);
    for (const instance of instances) {
      await instance.reach('up');
      await instance.knows(1);
      await until(() => instance.events.items.some(({ kind }) => kind === 'differs'));
    }
    const peer = await one.server.connect();
    const session = await sessionOf(one, peer);
    should(await other.server.send({ payload: 'to everybody', _session: session })).equal(undefined);
    should(await one.server.send({ payload: 'to acme', _session: session })).equal(undefined);
    should(await peer.nextText()).equal('to acme');
    await peer.drained();
    should(peer.unread).equal(0);
    for (const { events } of instances) {
      should(events.items.filter(({ kind }) => kind === 'differs')).have.length(1);
    }
  });

  it('tells whoever reads the broker no name, no id and nothing of a message', async () => {
    await startThree({ properties: { routingScope: 'tenant' } });
    const ann = await a.server.connect({ tenant_id: 'a-very-secret-tenant' });
    const bob = await b.server.connect({ tenant_id: 'a-very-secret-tenant' });
    const session = await sessionOf(a, ann);
    should(await a.server.send({ payload: 'a-very-secret-payload', _session: session })).equal(undefined);
    should(await bob.nextText()).equal('a-very-secret-payload');
    const all = Buffer.concat(broker.passed.flatMap(({ topic, payload }) => [Buffer.from(topic), payload]));
    // the path as JSON has it: three letters stand in any noise, some time
    for (const secret of ['a-very-secret', String(session.id), String(session.id).slice(0, 11), '"/ws"']) {
      should(all.includes(secret)).equal(false, secret);
    }
    should(
      broker.passed.every(({ topic }) => /^wsp\/1\/[\w-]{22}\/(t\/[\w-]{22}|a|in|hb)$/.test(topic)),
    ).be.true();
  });

  it('delivers nothing twice and nothing that was moved, whatever a neighbour on the broker publishes', async () => {
    await startThree();
    const ann = await a.server.connect();
    const eve = await b.server.connect({ tenant_id: 'globex' });
    const session = await sessionOf(a, ann);
    should(await c.server.send({ payload: 'once', _session: session })).equal(undefined);
    should(await ann.nextText()).equal('once');
    await eve.drained();
    const seen = [...broker.passed];
    const topics = [...new Set(seen.map(({ topic }) => topic)), ...broker.subscribed.keys()];
    for (const { payload } of seen) for (const topic of topics) await broker.publish(topic, payload);
    for (const topic of topics) {
      await broker.publish(topic, Buffer.alloc(0));
      await broker.publish(topic, Buffer.from('junk'));
      await broker.publish(topic, Buffer.alloc(200, 1));
    }
    should(await c.server.send({ payload: 'after', _session: session })).equal(undefined);
    should(await ann.nextText()).equal('after');
    for (const peer of [ann, eve]) {
      await peer.drained();
      should(peer.unread).equal(0);
    }
    for (const instance of instances) should(instance.cluster.state.kind).equal('up');
  });

  it('subscribes to a tenant while it has peers of it, before it says that they are connected', async () => {
    await startThree();
    const before = broker.subscribed.size;
    const ann = await a.server.connect();
    should(broker.subscribed.size).equal(before + 1);
    const again = await a.server.connect();
    should(broker.subscribed.size).equal(before + 1);
    await a.server.stop();
    await Promise.all([ann.closed, again.closed]);
    await until(() => [...broker.subscribed.values()].filter((count) => count > 0).length === before);
  });
});
