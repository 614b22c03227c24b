import { array, assert, constantFrom, integer, property, record, shuffledSubarray } from 'fast-check';
import should from 'should';
import type { RevocationEntry } from '../../../src/sessions/revocation.js';
import { MAX_REVOCATIONS, RevocationSet } from '../../../src/sessions/revocation-set.js';

const NOW = 1000;

/** A set with a clock that stands still: nothing ends meanwhile. */
function set(now = NOW): RevocationSet {
  return new RevocationSet({ now: () => now, areShared: true });
}

function contents(shown: RevocationSet): string[] {
  return shown
    .entries()
    .map((entry) => JSON.stringify(entry, Object.keys(entry).sort()))
    .sort();
}

const selector = constantFrom(
  { subject: 'a' },
  { subject: 'a', tenantId: null },
  { tenantId: 'null' },
  { jti: 'a' },
);
const revocation = record({
  selector,
  before: integer({ min: 0, max: 9 }),
  left: integer({ min: 1, max: 9 }),
});
const restoration = record({
  selector,
  restored: integer({ min: 0, max: 9 }),
  left: integer({ min: 1, max: 9 }),
});

function entriesOf(
  revoked: readonly { selector: object; before: number; left: number }[],
  restored: readonly { selector: object; restored: number; left: number }[],
): { readonly restorations: RevocationEntry[]; readonly revocations: RevocationEntry[] } {
  return {
    restorations: restored.map(({ selector: tokens, restored: at, left }) => ({
      ...tokens,
      restored: at,
      until: NOW + left,
    })),
    revocations: revoked.map(({ selector: tokens, before, left }) => ({
      ...tokens,
      before,
      until: NOW + left,
    })),
  };
}

describe('src/sessions/revocation-set: of several instances', () => {
  it('ends with the same, in whatever order and however often all is heard, once what was taken back is', () => {
    assert(
      property(
        array(revocation, { maxLength: 6 }).chain((all) =>
          shuffledSubarray(all, { minLength: all.length }).map((other) => [all, other] as const),
        ),
        array(restoration, { maxLength: 4 }),
        ([order, other], restored) => {
          const one = set();
          const two = set();
          const { restorations: first, revocations: last } = entriesOf(order, restored);
          for (const entry of [...first, ...last]) one.take(entry);
          for (const entry of [...first.reverse(), ...entriesOf(other, []).revocations, ...last, ...first])
            two.take(entry);
          should(contents(two)).eql(contents(one));
        },
      ),
      { numRuns: 500 },
    );
  });

  it('ends with the same once each has heard the other, whatever came first', () => {
    assert(
      property(
        array(revocation, { maxLength: 6 }),
        array(restoration, { maxLength: 4 }),
        integer({ min: 0, max: 1023 }),
        (revoked, restored, who) => {
          const sets = [set(), set()] as const;
          const { restorations: first, revocations: last } = entriesOf(revoked, restored);
          for (const [index, entry] of [...last, ...first].entries())
            sets[(who >> index) & 1 ? 1 : 0].take(entry);
          for (let round = 0; round < 2; round += 1) {
            const [one, two] = sets.map((each) => each.entries());
            for (const entry of two ?? []) sets[0].take(entry);
            for (const entry of one ?? []) sets[1].take(entry);
          }
          should(contents(sets[0])).eql(contents(sets[1]));
        },
      ),
      { numRuns: 500 },
    );
  });

  it('counts the later word, and where both were at once what is revoked', () => {
    const shown = set();
    should(shown.take({ subject: 'a', before: 5, until: 2000 })).be.true();
    should(shown.take({ subject: 'a', restored: 5, until: 2000 })).be.false();
    should(shown.list().length).equal(1);
    should(shown.take({ subject: 'a', restored: 6, until: 1500 })).be.true();
    should(shown.list()).eql([]);
    should(shown.take({ subject: 'a', before: 5, until: 3000 })).be.false(); // late
    should(shown.list()).eql([]);
    should(shown.take({ subject: 'a', before: 7, until: 2000 })).be.true();
    should(shown.list()).eql([{ subject: 'a', before: 7, until: 2000 }]);
  });

  it('takes back what was made by a clock that is ahead, and revokes again after one', () => {
    const shown = set();
    shown.take({ subject: 'a', before: NOW + 500, until: NOW + 5000 });
    should(shown.take(shown.restoration({ subject: 'a' }))).be.true();
    should(shown.list()).eql([]);
    shown.add({ subject: 'a' }, 1);
    should(shown.list()).match([{ before: NOW + 501, until: NOW + 1000 }]);
  });

  it('remembers what was taken back for as long as that would have lasted, and where nobody shares it not at all', () => {
    let now = NOW;
    const shared = new RevocationSet({ now: () => now, areShared: true });
    const alone = new RevocationSet({ now: () => now });
    for (const shown of [shared, alone]) {
      shown.add({ subject: 'a' }, 5);
      shown.take(shown.restoration({ subject: 'a' }));
    }
    should(shared.entries()).eql([{ subject: 'a', restored: NOW + 1, until: NOW + 5000 }]);
    should(alone.entries()).eql([]);
    now += 5000;
    should(shared.entries()).eql([]);
  });

  it('has room for so many, those that are remembered included, and drops what has ended', () => {
    let now = NOW;
    const shown = new RevocationSet({ now: () => now, areShared: true });
    for (let i = 0; i < MAX_REVOCATIONS; i += 1)
      shown.take({ jti: String(i), before: 1, until: i < 10 ? 2000 : 9000 });
    should(shown.take({ jti: 'more', before: 1, until: 9000 })).be.false();
    should(shown.take({ jti: '99', restored: 2, until: 9000 })).be.true(); // in its place
    should(() => shown.add({ jti: 'more' }, 1)).throw({ code: 'revocations-full' });
    should(shown.take({ jti: '98', before: 3, until: 9500 })).be.true(); // it is there already
    now = 2000;
    for (let i = 0; i < 10; i += 1) shown.add({ jti: `more ${i}` }, 100);
    should(() => shown.add({ jti: 'more' }, 1)).throw({ code: 'revocations-full' });
  });
});
