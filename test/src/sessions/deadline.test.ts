import 'should';
import { callAt } from '../../../src/sessions/deadline.js';

describe('src/sessions/deadline', () => {
  it('calls once the time has come, at once when it has passed', async () => {
    await new Promise<void>((resolve) => callAt(Date.now() + 5, resolve));
    await new Promise<void>((resolve) => callAt(0, resolve));
  });

  it('does not call early for a time further away than setTimeout can count', async () => {
    for (const awayMs of [2 ** 31, 2 ** 32, 1e15]) {
      const stop = callAt(Date.now() + awayMs, () => {
        throw new Error('called early');
      });
      await new Promise<void>((resolve) => callAt(Date.now() + 10, resolve)); // setTimeout past 2^31 fires after 1 ms
      stop();
    }
  });

  it('does not call after it was stopped', async () => {
    callAt(Date.now() + 1, () => {
      throw new Error('called');
    })();
    await new Promise<void>((resolve) => callAt(Date.now() + 5, resolve));
  });
});
