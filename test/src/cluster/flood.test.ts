import { randomBytes } from 'node:crypto';
import should from 'should';
import type { Passed } from '../../support/cluster/broker.js';
import { Hub } from '../../support/cluster/hub.js';
import { Instance } from '../../support/cluster/instance.js';
import { until } from '../../support/cluster/until.js';

/** One after the other, round and round, each as a stranger may change it. */
function changed(seen: readonly Passed[], change: (payload: Buffer) => void): () => Passed {
  let count = 0;
  return () => {
    const { topic, payload } = seen[count % seen.length] as Passed; // there are some
    count += 1;
    const copy = Buffer.from(payload);
    change(copy);
    return { topic, payload: copy };
  };
}

const CHANGES: readonly (readonly [kind: string, change: (payload: Buffer) => void])[] = [
  ['as it was', () => {}],
  ['of no version', (payload) => payload.fill(0, 0, 1)],
  ['of a later version', (payload) => payload.fill(2, 0, 1)],
  ['of another sender', (payload) => randomBytes(16).copy(payload, 1)],
  ['of another time', (payload) => payload.writeUIntBE(1, 25, 6)],
  ['with another number', (payload) => payload.writeUInt32BE(Math.floor(Math.random() * 2 ** 32), 21)],
  ['with another end', (payload) => payload.fill(0, payload.length - 4)],
];

describe('src/cluster: a flood of what no member sends', () => {
  let hub: Hub;
  let instances: Instance[];

  beforeEach(() => {
    hub = new Hub();
    instances = [];
  });
  afterEach(async () => {
    for (const instance of instances) await instance.stop();
  });

  async function start(count: number): Promise<[Instance, Instance]> {
    const timing = { unheardMs: 15_000, expireMs: 15_000 }; // it is much for one process
    for (let i = 0; i < count; i += 1) instances.push(await Instance.start(hub.open, { timing }));
    for (const instance of instances) await instance.reach('up');
    for (const instance of instances) await instance.knows(count - 1);
    return instances as unknown as [Instance, Instance]; // a test with one uses one
  }

  for (const [kind, change] of CHANGES) {
    it(`${kind} is read at 5,000 a second and no more, is told of, and does not last longer than itself`, async () => {
      const [a, b] = await start(2);
      const peer = await a.server.connect();
      const { _session } = await a.server.messageFrom(peer);
      should(await b.server.send({ payload: 'seen', _session })).equal(undefined);
      should(await peer.nextText()).equal('seen');
      const seen = [...hub.passed];
      await b.stop();
      instances.pop();
      await a.knows(0);
      const readBefore = hub.read;
      const startedMs = performance.now();
      hub.flood(changed(seen, change));
      await until(() => {
        const tookMs = performance.now() - startedMs;
        // of those that begin with what is genuine, and are let through at once
        should(hub.read - readBefore).be.belowOrEqual(tookMs * 5 + 300);
        return a.cluster.state.kind === 'down' && tookMs > 300;
      });
      should(a.cluster.state).eql({ kind: 'down', reason: 'flooded' });
      should(a.server.listener.state).have.properties({ kind: 'cluster-down', reason: 'flooded' });
      should(await a.server.send({ payload: 'here', _session })).have.property('code', 'cluster-down');
      should(await peer.nextText()).equal('here');
      hub.junk = undefined;
      await a.reach('up');
      await peer.drained();
      should(peer.unread).equal(0);
    });
  }

  it('that repeats what we sent ourselves is one, too', async () => {
    const [a] = await start(1);
    const peer = await a.server.connect();
    const { _session } = await a.server.messageFrom(peer);
    for (let i = 0; i < 100; i += 1) should(await a.server.send({ payload: i, _session })).equal(undefined);
    for (let i = 0; i < 100; i += 1) should(await peer.nextText()).equal(String(i));
    hub.flood(changed([...hub.passed], () => {}));
    await a.reach('down');
    should(a.cluster.state).eql({ kind: 'down', reason: 'flooded' });
    hub.junk = undefined;
    await a.reach('up');
    should(peer.unread).equal(0);
  });

  it('is none where members send thousands of messages at a time, and a broker each of them twice', async () => {
    hub.copies = 2;
    const [a, b] = await start(2);
    const peer = await a.server.connect();
    const { _session } = await a.server.messageFrom(peer);
    for (const instance of instances) while (instance.events.items.length > 0) await instance.events.next();
    const count = 3000;
    for (let payload = 0; payload < count; payload += 1) void b.server.send({ payload, _session });
    for (let payload = 0; payload < count; payload += 1) should(await peer.nextText()).equal(String(payload));
    should(peer.unread).equal(0);
    for (const { events } of instances) should(events.items).eql([]);
  });
});
