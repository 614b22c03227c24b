import should from 'should';
import { createRateLimit } from '../../../src/sessions/rate-limit.js';

describe('src/sessions/rate-limit', () => {
  function bucket(perSecond: number) {
    let nowMs = 0;
    const take = createRateLimit(perSecond, () => nowMs);
    return {
      take,
      pass: (ms: number) => {
        nowMs += ms;
      },
      burst: () => {
        let taken = 0;
        while (taken < 1e4 && take()) taken += 1;
        return taken;
      },
    };
  }

  it('lets a burst of one second through, and at least one message', () => {
    should(bucket(10).burst()).equal(10);
    should(bucket(1).burst()).equal(1);
    should(bucket(0.5).burst()).equal(1);
    should(bucket(0).burst()).equal(1);
  });

  it('refills at its rate and never beyond a second', () => {
    const limit = bucket(10);
    limit.burst();
    limit.pass(100);
    should(limit.burst()).equal(1);
    limit.pass(550);
    should(limit.burst()).equal(5);
    limit.pass(3_600_000);
    should(limit.burst()).equal(10);
    const slow = bucket(0.5);
    slow.burst();
    slow.pass(1999);
    should(slow.burst()).equal(0);
    slow.pass(2);
    should(slow.burst()).equal(1);
  });
});
