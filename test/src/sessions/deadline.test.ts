import should from 'should';
import { Deadline } from '../../../src/sessions/deadline.js';

describe('src/sessions/deadline', () => {
  it('calls once the time has come, at once when it has passed', async () => {
    await reached(Date.now() + 5);
    await reached(0);
  });

  it('does not call early for a time further away than setTimeout can count', async () => {
    for (const awayMs of [2 ** 31, 2 ** 32, 1e15]) {
      const deadline = new Deadline({ due: () => should.fail(1, 0, 'called early') });
      deadline.set(Date.now() + awayMs);
      await reached(Date.now() + 10); // setTimeout past 2^31 fires after 1 ms
      deadline.clear();
    }
  });

  it('does not call after it was cleared', async () => {
    const deadline = new Deadline({ due: () => should.fail(1, 0, 'called') });
    deadline.set(Date.now() + 1);
    deadline.clear();
    await reached(Date.now() + 5);
  });

  it('calls for the last time that was set, once', async () => {
    const calledAt: number[] = [];
    const deadline = new Deadline({ due: () => calledAt.push(Date.now()) });
    const atMs = Date.now() + 20;
    deadline.set(Date.now() + 1);
    deadline.set(atMs);
    await reached(atMs + 20);
    should(calledAt.length).equal(1);
    should(calledAt[0]).be.aboveOrEqual(atMs - 1); // timers are a fraction of a millisecond early
  });
});

/** Resolves when a deadline at that time is reached. */
function reached(atMs: number): Promise<void> {
  return new Promise((resolve) => new Deadline({ due: resolve }).set(atMs));
}
