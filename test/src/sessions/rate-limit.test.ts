import 'should';
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
    bucket(10).burst().should.equal(10);
    bucket(1).burst().should.equal(1);
    bucket(0.5).burst().should.equal(1);
    bucket(0).burst().should.equal(1);
  });

  it('refills at its rate and never beyond a second', () => {
    const limit = bucket(10);
    limit.burst();
    limit.pass(100);
    limit.burst().should.equal(1);
    limit.pass(550);
    limit.burst().should.equal(5);
    limit.pass(3_600_000);
    limit.burst().should.equal(10);
    const slow = bucket(0.5);
    slow.burst();
    slow.pass(1999);
    slow.burst().should.equal(0);
    slow.pass(2);
    slow.burst().should.equal(1);
  });
});
