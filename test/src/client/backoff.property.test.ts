import { array, assert, boolean, double, integer, property } from 'fast-check';
import should from 'should';
import { Backoff } from '../../../src/client/backoff.js';

const firstMs = integer({ min: 1, max: 10_000 });
const maxMs = integer({ min: 1, max: 100_000 });
const random = double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

describe('src/client/client/backoff: for any times and any chance', () => {
  it('every wait is at least nothing, and at most the limit that doubles up to the longest', () => {
    assert(
      property(firstMs, maxMs, array(random, { minLength: 1, maxLength: 100 }), (first, max, chances) => {
        let at = 0;
        const backoff = new Backoff({ firstMs: first, maxMs: max, random: () => chances[at] ?? 0 });
        for (; at < chances.length; at += 1) {
          const limit = Math.min(max, first * 2 ** at);
          should(backoff.next()).be.within(0, limit);
        }
      }),
    );
  });

  it('by the same chance no wait is shorter than the one before, until a reset', () => {
    assert(
      property(firstMs, maxMs, random, array(boolean(), { maxLength: 100 }), (first, max, chance, resets) => {
        const backoff = new Backoff({ firstMs: first, maxMs: max, random: () => chance });
        let before = 0;
        for (const reset of resets) {
          if (reset) {
            backoff.reset();
            before = 0;
          }
          const wait = backoff.next();
          should(wait).be.aboveOrEqual(before);
          if (reset) should(wait).equal(chance * Math.min(max, first));
          before = wait;
        }
      }),
    );
  });

  it('is a number that a timer can count, after however many failures', () => {
    assert(
      property(firstMs, maxMs, random, (first, max, chance) => {
        const backoff = new Backoff({ firstMs: first, maxMs: max, random: () => chance });
        for (let i = 0; i < 2000; i += 1) backoff.next();
        should(Number.isFinite(backoff.next())).equal(true);
      }),
      { numRuns: 20 },
    );
  });
});
