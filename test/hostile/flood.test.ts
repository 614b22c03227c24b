import should from 'should';
import { clientFrame } from '../support/core/raw-client.js';
import { attack, type Target } from '../support/hostile/target.js';

/** More than a flow gets in one turn of the event loop, in one piece. */
const FLOOD = 1000;

const GOODBYE = clientFrame(8, Buffer.from([3, 232]));
const NOT_MASKED = Buffer.from([0x81, 1, 0x41]);

function numbered(count: number): string[] {
  return Array.from({ length: count }, (_, i) => `${i}`);
}

function flood(count = FLOOD, ...then: Buffer[]): Buffer {
  return Buffer.concat([...numbered(count).map((text) => clientFrame(1, Buffer.from(text))), ...then]);
}

function payloads({ messages }: Target): unknown[] {
  return messages.map(({ payload }) => payload);
}

/** Notes after how many messages it is told of the end of the next connection. */
function countAt(target: Target, kind: 'error' | 'disconnect'): { readonly count: number | undefined } {
  const seen: { count: number | undefined } = { count: undefined };
  const stop = target.listener.listener.observe((event) => {
    if (event.kind !== kind) return;
    seen.count ??= target.messages.length;
    stop();
  });
  return seen;
}

describe('hostile: a flood of messages in one piece', () => {
  it('is delivered in its order, whole, before it is told that its peer has said goodbye', () =>
    attack({}, async (target) => {
      const seen = countAt(target, 'disconnect');
      should(await target.endAfter(flood(FLOOD, GOODBYE))).equal(1000);
      while (seen.count === undefined) await target.listener.next('disconnect');
      should(payloads(target)).eql(numbered(FLOOD));
      should(seen.count).equal(FLOOD);
    }));

  it('is delivered before it is told that its peer has gone, of however many at once', () =>
    attack({ bystander: null }, async (target) => {
      const peers = await Promise.all(Array.from({ length: 100 }, () => target.rawPeer()));
      const missing: number[] = [];
      const allGone = new Promise<void>((resolve) => {
        target.listener.listener.observe((event) => {
          if (event.kind !== 'disconnect') return;
          const { id } = event.session;
          const of = target.messages.filter(({ _session }) => (_session as { id: string }).id === id);
          missing.push(30 - of.length);
          if (missing.length === peers.length) resolve();
        });
      });
      for (const peer of peers) peer.end(flood(30));
      await allGone;
      should(missing).eql(Array(peers.length).fill(0));
    }));

  it('is delivered up to where it breaks the protocol, and the error is told after it', () =>
    attack({}, async (target) => {
      const seen = countAt(target, 'error');
      should(await target.endAfter(flood(FLOOD, NOT_MASKED, flood(10)))).equal(1002);
      should(payloads(target)).eql(numbered(FLOOD));
      should(seen.count).equal(FLOOD);
    }));

  it('is delivered up to its rate, also where that is more than a flow gets at once', () =>
    attack({ properties: { enforceLimits: true, rateLimit: '100' } }, async (target) => {
      should(await target.endAfter(flood())).equal(4429);
      // a second's worth, and what time gives back meanwhile
      should(target.messages.length).be.within(100, FLOOD / 2);
      should(payloads(target)).eql(numbered(target.messages.length));
    }));

  it('lets the message of another tenant pass that comes after it', () =>
    attack({}, async (target) => {
      const peer = await target.rawPeer();
      peer.write(flood(20_000));
      await target.listener.message();
      target.bystander?.send('in between');
      while (!payloads(target).includes('in between')) await target.listener.message();
      while (target.messages.length < 20_001) await target.listener.message();
      const all = payloads(target);
      should(all.filter((payload) => payload !== 'in between')).eql(numbered(20_000));
      should(all.indexOf('in between')).be.below(20_000);
    }));
});
