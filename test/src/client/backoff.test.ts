import should from 'should';
import { Backoff } from '../../../src/client/backoff.js';

/** Just below 1, as Math.random() is at most. */
const LONGEST = 1 - Number.EPSILON;

describe('src/client/client/backoff', () => {
  function waits(random: () => number, count: number): number[] {
    const backoff = new Backoff({ firstMs: 1000, maxMs: 30_000, random });
    return Array.from({ length: count }, () => Math.round(backoff.next()));
  }

  it('doubles from the first limit up to the last', () => {
    should(waits(() => LONGEST, 8)).eql([1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
  });

  it('waits anything between nothing and the limit', () => {
    should(waits(() => 0, 4)).eql([0, 0, 0, 0]);
    should(waits(() => 0.25, 4)).eql([250, 500, 1000, 2000]);
  });

  it('draws anew for each wait', () => {
    const drawn = [0.5, 0.1, 0.9];
    should(waits(() => drawn.shift() ?? 0, 3)).eql([500, 200, 3600]);
  });

  it('stays at the last limit however long an outage is', () => {
    waits(() => LONGEST, 3000)
      .at(-1)
      ?.should.equal(30_000);
  });

  it('starts again after a reset', () => {
    const backoff = new Backoff({ firstMs: 1000, maxMs: 30_000, random: () => 0.5 });
    should([backoff.next(), backoff.next(), backoff.next()]).eql([500, 1000, 2000]);
    backoff.reset();
    should([backoff.next(), backoff.next()]).eql([500, 1000]);
  });
});
