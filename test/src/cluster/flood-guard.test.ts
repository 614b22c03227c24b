import { assert, integer, property } from 'fast-check';
import should from 'should';
import { FloodGuard } from '../../../src/cluster/flood-guard.js';

/** How many of `offered` messages of nobody in a millisecond are read in a second. */
function readInASecond(offered: number): number {
  const guard = new FloodGuard();
  let read = 0;
  let freeAtMs = 1000;
  for (let atMs = 1000; atMs < 2000; atMs += 1) {
    for (let i = 0; i < offered && atMs >= freeAtMs; i += 1) {
      read += 1;
      if (guard.junk(atMs)) freeAtMs = atMs + 1;
    }
  }
  return read;
}

describe('src/cluster/flood-guard', () => {
  it('reads of any flood 5,000 a second, and of less all', () => {
    assert(
      property(integer({ min: 1, max: 1000 }), (offered) => {
        const read = readInASecond(offered);
        if (offered <= 5) should(read).equal(offered * 1000);
        else should(read).be.within(5000, 5101);
      }),
      { numRuns: 50 },
    );
  });

  it('minds no repetition of what is genuine, however much that is', () => {
    const guard = new FloodGuard();
    for (let i = 0; i < 100_000; i += 1) {
      guard.genuine();
      should(guard.junk(0)).be.false();
    }
  });

  it('saves nothing up for later: what is genuine makes room for no more than a hundred', () => {
    const guard = new FloodGuard();
    for (let i = 0; i < 100_000; i += 1) guard.genuine();
    let read = 1;
    while (!guard.junk(60_000)) read += 1;
    should(read).equal(101);
  });

  it('is as ready as ever a moment after a flood', () => {
    const guard = new FloodGuard();
    for (let i = 0; i < 1000; i += 1) guard.junk(1000);
    should(guard.junk(1300)).be.false();
  });
});
