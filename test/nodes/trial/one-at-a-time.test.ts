import should from 'should';
import { OneAtATime } from '../../../nodes/trial/one-at-a-time.js';

describe('nodes/trial/one-at-a-time', () => {
  function work() {
    let finish = () => {};
    const done = new Promise<void>((resolve) => {
      finish = resolve;
    });
    return { done: () => done, finish };
  }

  it('lets one go on for each id, and the next once it is over, however it ended', async () => {
    const running = new OneAtATime();
    const { done, finish } = work();
    const first = running.run('a', done);
    await should(running.run('a', done)).be.rejectedWith({ code: 'trial-busy', status: 429 });
    should(await running.run('b', async () => 'b')).equal('b');
    finish();
    await first;
    await should(running.run('a', () => Promise.reject(new Error('failed')))).be.rejectedWith('failed');
    should(await running.run('a', async () => 'a')).equal('a');
  });

  it('lets eight go on at once, whatever for', async () => {
    const running = new OneAtATime();
    const { done, finish } = work();
    const all = Array.from({ length: 8 }, (_, index) => running.run(String(index), done));
    await should(running.run('one more', done)).be.rejectedWith({ code: 'trial-busy' });
    finish();
    await Promise.all(all);
    await running.run('one more', done);
  });
});
