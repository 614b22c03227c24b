import { array, assert, double, integer, oneof, property, tuple } from 'fast-check';
import should from 'should';
import { createRateLimit } from '../../../src/sessions/rate-limit.js';

const rate = oneof(integer({ min: 0, max: 1000 }), double({ min: 0, max: 1000, noNaN: true }));
/** Milliseconds that pass, and how many messages come then. */
const traffic = array(tuple(double({ min: 0, max: 5000, noNaN: true }), integer({ min: 0, max: 50 })), {
  maxLength: 40,
});

describe('src/sessions/rate-limit: for any rate and any traffic', () => {
  it('lets no more through in any stretch of time than a burst and the rate allow', () => {
    assert(
      property(rate, traffic, (perSecond, steps) => {
        let nowMs = 0;
        const take = createRateLimit(perSecond, () => nowMs);
        const takenAt: number[] = [];
        for (const [passMs, messages] of steps) {
          nowMs += passMs;
          for (let i = 0; i < messages; i += 1) if (take()) takenAt.push(nowMs);
        }
        for (const [first, fromMs] of takenAt.entries()) {
          for (const [offset, toMs] of takenAt.slice(first).entries()) {
            const allowed = Math.max(1, perSecond) + (perSecond * (toMs - fromMs)) / 1000;
            should(offset + 1).be.belowOrEqual(allowed + 1e-6);
          }
        }
      }),
    );
  });

  it('refuses nothing of a peer that keeps to the rate', () => {
    assert(
      property(
        double({ min: 0.01, max: 1000, noNaN: true }),
        integer({ min: 1, max: 200 }),
        (perSecond, messages) => {
          let nowMs = 0;
          const take = createRateLimit(perSecond, () => nowMs);
          for (let i = 0; i < messages; i += 1) {
            should(take()).equal(true);
            nowMs += (1000 / perSecond) * (1 + 1e-9);
          }
        },
      ),
    );
  });

  it('lets a burst through after a long rest, whatever came before', () => {
    assert(
      property(double({ min: 0.01, max: 1000, noNaN: true }), traffic, (perSecond, steps) => {
        let nowMs = 0;
        const take = createRateLimit(perSecond, () => nowMs);
        for (const [passMs, messages] of steps) {
          nowMs += passMs;
          for (let i = 0; i < messages; i += 1) take();
        }
        nowMs += 1e9;
        let burst = 0;
        while (take()) burst += 1;
        should(burst).equal(Math.floor(Math.max(1, perSecond)));
      }),
    );
  });
});
