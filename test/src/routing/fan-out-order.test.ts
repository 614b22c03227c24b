import { setImmediate as turn } from 'node:timers/promises';
import should from 'should';
import { FanOut } from '../../../src/routing/fan-out.js';
import type { Recipients } from '../../../src/routing/recipients.js';
import { Registry } from '../../../src/sessions/registry.js';
import { serverFrame } from '../../../src/wire/server-frame.js';
import { FanOutPeer } from '../../support/core/fan-out-peer.js';

/** One batch of two peers a turn; more than two are not written to at once. */
const LIMITS = {
  atOnce: 2,
  turnMs: 0,
  batch: 2,
  backlog: { jobs: 100, bytes: 1e6 },
  full: { jobs: 200, bytes: 1e7 },
};

const EVERYBODY: Recipients = { kind: 'global' };
const ACME: Recipients = { kind: 'tenant', tenantId: 'acme' };
const SMALL: Recipients = { kind: 'tenant', tenantId: 'small' };

describe('src/routing/fan-out: order', () => {
  let registry: Registry;
  let fanOut: FanOut;
  let acme: FanOutPeer[];
  let small: FanOutPeer;
  let done: string[];

  beforeEach(() => {
    registry = new Registry();
    fanOut = new FanOut(registry, () => {}, LIMITS);
    acme = Array.from({ length: 5 }, () => new FanOutPeer(registry, 'acme'));
    small = new FanOutPeer(registry, 'small');
    done = [];
  });

  function send(text: string, recipients: Recipients, except?: FanOutPeer): void {
    fanOut.send(serverFrame(text, false), recipients, () => done.push(text), except?.connection);
  }

  function session({ id }: FanOutPeer): Recipients {
    return { kind: 'session', id };
  }

  async function all(...texts: string[]): Promise<void> {
    while (done.length < texts.length) await turn();
    should([...done].sort()).eql([...texts].sort());
  }

  it('keeps an answer to one behind what its tenant was sent before', async () => {
    const [last] = acme.slice(-1) as [FanOutPeer];
    send('to the tenant', ACME);
    send('to one', session(last));
    should(last.received).eql([]);
    await all('to the tenant', 'to one');
    for (const peer of acme.slice(0, -1)) should(peer.received).eql(['to the tenant']);
    should(last.received).eql(['to the tenant', 'to one']);
    should(done).eql(['to the tenant', 'to one']);
  });

  it('keeps what everybody is sent behind what a tenant was sent before, and before what it is sent after', async () => {
    send('first', ACME);
    send('second', EVERYBODY);
    send('third', ACME);
    send('fourth', SMALL);
    send('fifth', session(small));
    should(small.received).eql([]);
    await all('first', 'second', 'third', 'fourth', 'fifth');
    for (const peer of acme) should(peer.received).eql(['first', 'second', 'third']);
    should(small.received).eql(['second', 'fourth', 'fifth']);
    should(done.slice(0, 2)).eql(['first', 'second']);
  });

  it('lets nobody wait for the messages to another tenant', () => {
    send('to the tenant', ACME);
    send('to one', session(small));
    send('to another tenant', SMALL);
    should(small.received).eql(['to one', 'to another tenant']);
    should(done).eql(['to one', 'to another tenant']);
  });

  it('leaves one out, of few and of many', async () => {
    const [first] = acme as [FanOutPeer];
    send('many', ACME, first);
    send('everybody', EVERYBODY, small);
    await all('many', 'everybody');
    for (const peer of acme)
      should(peer.received).eql(peer === first ? ['everybody'] : ['many', 'everybody']);
    for (const peer of acme.slice(2)) peer.leave();
    send('few', ACME, first);
    should(first.received).eql(['everybody']);
    should((acme[1] as FanOutPeer).received).eql(['many', 'everybody', 'few']);
    should(small.received).eql([]);
    fanOut.close();
  });

  it('reaches who is there when its turn comes, and nobody who connects later', async () => {
    send('first', ACME);
    send('second', ACME);
    const late = new FanOutPeer(registry, 'acme');
    while (!done.includes('first')) await turn();
    await turn(); // the second is under way
    const tooLate = new FanOutPeer(registry, 'acme');
    await all('first', 'second');
    should(late.received).eql(['second']);
    should(tooLate.received).eql([]);
  });

  it('is done at once with what nobody gets, whatever waits', () => {
    const gone = new FanOutPeer(registry, 'acme');
    gone.leave();
    send('waits', EVERYBODY);
    send('no such session', session(gone));
    send('no such tenant', { kind: 'tenant', tenantId: 'nobody' });
    send('no anonymous peers', { kind: 'anonymous' });
    send('only the one left out', SMALL, small);
    send('the one left out', session(small), small);
    should(done).eql([
      'no such session',
      'no such tenant',
      'no anonymous peers',
      'only the one left out',
      'the one left out',
    ]);
    should(small.received).eql([]);
    fanOut.close();
  });

  it('writes what it waits for when a flow does not stop, whoever it is sent to', () => {
    const { jobs } = LIMITS.full;
    for (let i = 0; i < jobs; i += 1) send(`${i}`, i % 2 === 0 ? ACME : EVERYBODY);
    should(done.length).equal(0);
    send('one too many', session(small));
    should(done).eql(['0']);
    fanOut.close();
    should(done.length).equal(jobs + 1);
  });
});
