import should from 'should';
import { Backoff } from '../../../src/client/backoff.js';
import { Retry } from '../../../src/client/retry.js';

const FIRST_MS = 1000;

describe('src/client/retry', () => {
  /** `random` is as large as it gets, but for the last bit. */
  function retry(random = () => 1, maxMs = 30_000): Retry {
    return new Retry(new Backoff({ firstMs: FIRST_MS, maxMs, random }));
  }

  it('waits longer from failure to failure, and shortly again once a connection has lasted', () => {
    const one = retry();
    should([1, 2, 3].map(() => one.waitMs({ reason: 'ECONNREFUSED' }, false))).eql([1000, 2000, 4000]);
    one.reset();
    should(one.waitMs({ closeCode: 1006 }, false)).equal(1000);
  });

  for (const closeCode of [4401, 4403]) {
    it(`waits at least 5 s after ${closeCode}, and 60 s where the token will be the same`, () => {
      should(retry(() => 0).waitMs({ closeCode }, false)).equal(5000);
      should(retry(() => 0).waitMs({ closeCode }, true)).equal(60_000);
      should(retry().waitMs({ closeCode }, true)).equal(61_000);
    });
  }

  for (const closeCode of [1012, 1013]) {
    it(`is back within a second after ${closeCode}, wherever the back-off is`, () => {
      const one = retry();
      for (let i = 0; i < 5; i += 1) one.waitMs({ reason: '503' }, false);
      should(one.waitMs({ closeCode }, true)).equal(FIRST_MS);
      should(retry(() => 0.25).waitMs({ closeCode }, true)).equal(FIRST_MS / 4);
    });

    it(`takes a row of ${closeCode} without a connection that lasts for failures`, () => {
      const one = retry();
      should([1, 2, 3, 4].map(() => one.waitMs({ closeCode }, false))).eql([1000, 1000, 2000, 4000]);
      one.reset();
      should(one.waitMs({ closeCode }, false)).equal(1000);
    });
  }

  it('waits as long as the server says, at most 10 minutes', () => {
    should(retry().waitMs({ reason: '503', retryAfterMs: 7000 }, false)).equal(8000);
    should(retry().waitMs({ reason: '503', retryAfterMs: 600_000 }, false)).equal(600_000);
  });

  it('waits longer than that where it is configured so', () => {
    const one = retry(() => 1, 3_600_000);
    let waitMs = 0;
    for (let i = 0; i < 20; i += 1) waitMs = one.waitMs({ reason: 'ECONNREFUSED' }, false);
    should(waitMs).equal(3_600_000);
  });
});
