import should from 'should';
import { LISTENER, type PeerName } from '../peers/peer-spec.js';
import { KeyRing } from './key-material.js';
import { Pair } from './pair.js';

describe('bench: a peer and its load generator', function () {
  this.timeout(60_000); // three processes start

  let keys: KeyRing;
  let pair: Pair | undefined;

  before(async () => {
    keys = await KeyRing.create();
  });
  afterEach(() => pair?.stop());
  after(() => keys.stop());

  for (const name of ['ws', 'ws+jose', 'socket.io'] as const) {
    for (const isBinary of [false, true]) {
      it(`${name} sends a ${isBinary ? 'binary' : 'text'} message back, to the byte, and is counted`, async () => {
        pair = await start(name);
        await pair.load.call('open', { ...pair.target, count: 3 });
        await pair.load.call('echoOnce', { bytes: 70_000, isBinary });
        const { load } = pair;
        const measured = await pair.measure(async () => {
          const { count, elapsedMs } = await load.call('echo', { bytes: 64, isBinary, ms: 100, depth: 1 });
          return { operations: count, elapsedMs };
        });
        await pair.stop();
        const sample = await pair.withCollections(measured);
        should(sample.value).be.above(0);
        should(sample.promotedBytes).be.aboveOrEqual(0);
      });
    }
  }

  it('ours+operated is asked as an open sidebar and a Prometheus ask, and every answer is looked at', async () => {
    pair = await start('ours+operated');
    const { load, target, poller } = pair;
    await load.call('open', { ...target, count: 3 });
    const polled = { port: target.port, listener: LISTENER };
    const times = await poller.call('time', { ...polled, times: 2, rows: 3 });
    should(Object.values(times).map(({ length }) => length)).eql([2, 2, 2]);
    await should(poller.call('time', { ...polled, times: 1, rows: 4 })).be.rejectedWith(
      /3 sessions are shown, of 4/,
    );
    await should(poller.call('time', { ...polled, listener: 'x', times: 1, rows: 0 })).be.rejectedWith(
      /the listener is not shown/,
    );
    await poller.call('start', polled);
    await poller.call('time', { ...polled, times: 1, rows: 3 }); // after what has been asked before
    should(await poller.call('stop')).be.within(3, 6);
  }).timeout(120_000); // Node-RED starts

  for (const name of ['ws+jose', 'socket.io'] as const) {
    it(`${name} lets nobody in without a token that it can verify`, async () => {
      pair = await start(name);
      const { target, load } = pair;
      const strangers = await KeyRing.create();
      const key = strangers.material('HS256').signing;
      await strangers.stop();
      await should(load.call('open', { ...target, key, count: 1 })).be.rejectedWith(/refused/);
      await load.call('handshakes', { ...target, ms: 1, concurrency: 2, talk: true });
    });
  }

  function start(name: PeerName): Promise<Pair> {
    return Pair.start({ name, task: 'echo' }, keys.material('HS256'), undefined);
  }
});
