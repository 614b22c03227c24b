import should from 'should';
import { KINDS, writeEnvelope } from '../../../src/cluster/envelope.js';
import { clusterKeys } from '../../../src/cluster/keys.js';
import { TopicNames } from '../../../src/cluster/names.js';
import { Sealer } from '../../../src/cluster/sealer.js';
import { Hub } from '../../support/cluster/hub.js';
import { CLUSTER_SECRET, Instance } from '../../support/cluster/instance.js';
import { until } from '../../support/cluster/until.js';

const KEYS = clusterKeys(CLUSTER_SECRET);
const NAMES = new TopicNames('wsp', KEYS);
const LATER = '0123456789a';

/** What a later version may seal: it knows the secret. */
function later(): (topic: string, parts: readonly [Buffer, Buffer]) => { topic: string; payload: Buffer } {
  const sealer = new Sealer(KEYS, Date.now);
  return (topic, parts) => ({ topic, payload: sealer.seal(topic, ...parts) });
}

describe('src/cluster: a member of a later version', () => {
  let hub: Hub;
  let a: Instance;

  beforeEach(async () => {
    hub = new Hub();
    a = await Instance.start(hub.open);
    await a.reach('up');
  });
  afterEach(async () => {
    await a.stop();
  });

  it('is a member although it says more than is known here, in heads and in rows', async () => {
    const seal = later();
    const listener = NAMES.listener('/ws');
    const rows = JSON.stringify([[listener, 'a digest', 7, { more: true }]]);
    const head = {
      instance: LATER,
      counted: 0,
      isReady: true,
      host: 'h',
      version: '9.0.0',
      more: [1, { a: 2 }],
    };
    hub.pass(seal(NAMES.all, writeEnvelope({ kind: 'beat', head, payload: Buffer.from(rows) })));
    await a.knows(1);
    await until(() => a.events.items.some(({ kind }) => kind === 'differs'));
    should(a.cluster.state).eql({ kind: 'up' });
  });

  it('may use kinds, flags and formats of its own: they are nothing here, and what is known counts as ever', async () => {
    const seal = later();
    const peer = await a.server.connect();
    const { _session } = await a.server.messageFrom(peer);
    const topics = [NAMES.all, NAMES.toTenant('/ws', 'acme'), hub.wanted('/in')];
    const known = Object.values(KINDS);
    for (const topic of topics) {
      for (let kind = 0; kind < 256; kind += 1) {
        if (known.some((one) => one === kind)) continue;
        const [head, payload] = writeEnvelope({ kind: 'beat', head: { instance: LATER, to: 'acme' } });
        head[0] = kind;
        hub.pass(seal(topic, [head, payload]));
      }
      const { payload } = seal(topic, writeEnvelope({ kind: 'beat', head: { instance: LATER } }));
      payload[0] = 2; // the version of what is sealed
      hub.pass({ topic, payload });
      hub.pass({ topic: topic.replace('wsp/1/', 'wsp/2/'), payload });
    }
    const odd = { instance: LATER, counted: 'many', listener: 1 };
    for (const kind of ['beat', 'bye', 'hello', 'counts', 'tenant', 'everybody', 'session'] as const) {
      hub.pass(seal(NAMES.all, writeEnvelope({ kind, head: odd, payload: Buffer.from('{}') })));
    }
    const head = { instance: LATER, counted: 0, isReady: true };
    hub.pass(seal(NAMES.all, writeEnvelope({ kind: 'beat', head, payload: Buffer.from('[]') })));
    await a.knows(1); // came last
    should(a.cluster.state).eql({ kind: 'up' });
    should(await a.server.send({ payload: 'as ever', _session })).equal(undefined);
    should(await peer.nextText()).equal('as ever');
    await peer.drained();
    should(peer.unread).equal(0);
  });

  it('is refused where it is another cluster by its prefix or its secret', async () => {
    for (const options of [{ prefix: 'other' }, { secret: 'another secret of a cluster, for its tests' }]) {
      const other = await Instance.start(hub.open, options);
      await other.reach('up');
      should(other.cluster.size).equal(0);
      should(a.cluster.size).equal(0);
      await other.stop();
    }
  });
});
