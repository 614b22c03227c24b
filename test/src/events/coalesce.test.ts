import { EventEmitter, once } from 'node:events';
import should from 'should';
import { coalesce } from '../../../src/events/coalesce.js';

describe('src/events/coalesce', () => {
  function collect(mayDrop: boolean) {
    const events = new EventEmitter();
    const passed: number[] = [];
    const values = coalesce<number>(
      10,
      (value) => {
        passed.push(value);
        events.emit('passed');
      },
      () => mayDrop,
    );
    return { values, passed, next: () => once(events, 'passed') };
  }

  it('passes the first value at once and the latest of the others after the period', async () => {
    const { values, passed, next } = collect(true);
    for (let i = 0; i < 100; i += 1) values.push(i);
    should(passed).eql([0]);
    await next();
    should(passed).eql([0, 99]);
    values.push(100);
    should(passed).eql([0, 99]);
    await next();
    should(passed).eql([0, 99, 100]);
    values.stop();
  });

  it('passes every value where none may be dropped', () => {
    const { values, passed } = collect(false);
    for (let i = 0; i < 5; i += 1) values.push(i);
    should(passed).eql([0, 1, 2, 3, 4]);
    values.stop();
  });

  it('passes nothing after it was stopped', async () => {
    const { values, passed } = collect(true);
    const other = collect(true);
    values.push(1);
    values.push(2);
    other.values.push(1);
    other.values.push(2);
    values.stop();
    await other.next();
    should(passed).eql([1]);
    other.values.stop();
  });
});
