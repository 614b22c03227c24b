import { assert, nat, property, string, uint8Array } from 'fast-check';
import should from 'should';
import { clusterKeys } from '../../../src/cluster/keys.js';
import { MAX_AGE_MS, Opener } from '../../../src/cluster/opener.js';
import { Sealer } from '../../../src/cluster/sealer.js';

const KEYS = clusterKeys('one secret of a cluster, for its tests 0123456789');
const TOPIC = 'wsp/1/a/t/b';

/** A member that seals, one that opens, and the time for both. */
function members({ senderOffMs = 0 } = {}) {
  const clock = { nowMs: 1_800_000_000_000 };
  const opener = new Opener(KEYS, () => clock.nowMs);
  const sealer = new Sealer(KEYS, () => clock.nowMs + senderOffMs);
  return { clock, opener, sealer };
}

describe('src/cluster: sealed messages', () => {
  it('open for the topic they were sealed for, whatever is in them, once', () => {
    const { opener, sealer } = members();
    assert(
      property(string({ unit: 'grapheme' }), uint8Array(), uint8Array(), (topic, head, payload) => {
        const sealed = sealer.seal(topic, Buffer.from(head), Buffer.from(payload));
        const opened = opener.open(topic, sealed);
        should(opened).have.property('body', Buffer.concat([head, payload]));
        should(opener.open(topic, sealed)).eql({ kind: 'refused', why: 'repeated' });
      }),
    );
  });

  it('do not open with any bit of them changed', () => {
    const { opener, sealer } = members();
    const sealed = sealer.seal(TOPIC, Buffer.from('for acme'));
    assert(
      property(nat({ max: sealed.length * 8 - 1 }), (bit) => {
        const changed = Buffer.from(sealed);
        changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        should(opener.open(TOPIC, changed)).have.property('kind', 'refused');
      }),
      { numRuns: 2000 },
    );
    should(opener.open(TOPIC, sealed)).have.property('kind', 'opened');
  });

  it('do not open cut short, prolonged, or on another topic', () => {
    const { opener, sealer } = members();
    const sealed = sealer.seal(TOPIC, Buffer.from('for acme'));
    for (let length = 0; length < sealed.length; length += 1) {
      should(opener.open(TOPIC, sealed.subarray(0, length))).have.property('kind', 'refused');
    }
    should(opener.open(TOPIC, Buffer.concat([sealed, Buffer.from('x')]))).have.property('kind', 'refused');
    should(opener.open(`${TOPIC}2`, sealed)).eql({ kind: 'refused', why: 'seal' });
    should(opener.open(TOPIC, sealed)).have.property('kind', 'opened');
  });

  it('do not open for who knows another secret', () => {
    const { sealer, clock } = members();
    const stranger = new Opener(clusterKeys(`${'x'.repeat(40)}`), () => clock.nowMs);
    should(stranger.open(TOPIC, sealer.seal(TOPIC, Buffer.from('for acme')))).eql({
      kind: 'refused',
      why: 'flood',
    });
  });

  it('do not open in any text that nobody sealed', () => {
    const { opener } = members();
    assert(
      property(uint8Array({ maxLength: 200 }), (junk) => {
        should(opener.open(TOPIC, Buffer.from(junk))).have.property('kind', 'refused');
      }),
    );
  });

  it('are known as our own', () => {
    const { opener, sealer } = members();
    opener.own = sealer;
    should(opener.open(TOPIC, sealer.seal(TOPIC, Buffer.from('mine')))).eql({ kind: 'own', isEcho: true });
  });

  it('are too old, or too new, after a minute', () => {
    for (const [offMs, kind] of [
      [-MAX_AGE_MS - 1, 'refused'],
      [MAX_AGE_MS, 'opened'],
      [MAX_AGE_MS + 1, 'refused'],
    ] as const) {
      const { opener, sealer } = members({ senderOffMs: offMs });
      should(opener.open(TOPIC, sealer.seal(TOPIC, Buffer.from('x')))).have.property('kind', kind);
    }
    const { opener, sealer, clock } = members();
    const sealed = sealer.seal(TOPIC, Buffer.from('x'));
    clock.nowMs += MAX_AGE_MS + 1;
    should(opener.open(TOPIC, sealed)).eql({ kind: 'refused', why: 'time' });
  });

  it('of before a start do not open after it: nobody remembers whether they have come', () => {
    const { sealer, clock } = members();
    const sealed = sealer.seal(TOPIC, Buffer.from('x'));
    clock.nowMs += 5001;
    const restarted = new Opener(KEYS, () => clock.nowMs);
    should(restarted.open(TOPIC, sealed)).eql({ kind: 'refused', why: 'time' });
  });

  it('tell how far a clock is off, where that is asked for, and are not taken', () => {
    const { opener, sealer } = members({ senderOffMs: 90_000 });
    const sealed = sealer.seal(TOPIC, Buffer.from('x'));
    should(opener.open(TOPIC, sealed, true)).eql({ kind: 'off-clock', offMs: 90_000 });
    should(opener.open(TOPIC, sealed)).eql({ kind: 'refused', why: 'time' });
    sealed[sealed.length - 1] = (sealed.at(-1) ?? 0) ^ 1;
    should(opener.open(TOPIC, sealed, true)).eql({ kind: 'refused', why: 'seal' });
  });

  for (const [kind, change] of [
    ['as they were', () => {}],
    ['with the time of now', (copy: Buffer, nowMs: number) => copy.writeBigUInt64BE(BigInt(nowMs), 25)],
  ] as const) {
    it(`of members of long ago, repeated ${kind}: a new member is heard through a flood of them`, () => {
      const { opener, sealer, clock } = members();
      const recorded = sealer.seal(TOPIC, Buffer.from('x'));
      clock.nowMs += MAX_AGE_MS + 1;
      change(recorded, clock.nowMs);
      for (let i = 0; i < 1000; i += 1) {
        should(opener.open(TOPIC, recorded, true)).not.have.property('kind', 'opened');
      }
      const late = new Sealer(KEYS, () => clock.nowMs);
      should(opener.open(TOPIC, late.seal(TOPIC, Buffer.from('x')))).have.property('kind', 'opened');
    });
  }

  it('of senders that nobody made cost no key: a member is heard through a flood of them', () => {
    const { opener, sealer } = members();
    const template = sealer.seal(TOPIC, Buffer.from('x'));
    for (let i = 0; i < 10_000; i += 1) {
      const junk = Buffer.from(template);
      junk.writeUInt32BE(i + 1, 1);
      should(opener.open(TOPIC, junk)).eql({ kind: 'refused', why: 'flood' });
    }
    should(opener.open(TOPIC, template)).have.property('kind', 'opened');
  });

  it('of more than a thousand senders in a minute are refused, rather than forgetting what has come', () => {
    const { opener, clock } = members();
    const open = () => opener.open(TOPIC, new Sealer(KEYS, () => clock.nowMs).seal(TOPIC, Buffer.from('x')));
    for (let i = 0; i < 1024; i += 1) should(open()).have.property('kind', 'opened');
    should(open()).eql({ kind: 'refused', why: 'flood' });
    clock.nowMs += MAX_AGE_MS + 1;
    should(open()).have.property('kind', 'opened');
  });
});
