import should from 'should';
import { BUCKETS, Durations } from '../../../src/metrics/durations.js';

describe('src/metrics/durations', () => {
  it('counts under each bound what took no longer', () => {
    const durations = new Durations();
    for (const seconds of [0.001, 0.0011, 0.7, 60]) durations.add(seconds);
    const cumulative = Object.fromEntries(
      durations.cumulative().map((count, index) => [BUCKETS[index], count]),
    );
    should(cumulative).containEql({ 0.001: 1, 0.0025: 2, 0.5: 2, 1: 3, 5: 3 });
  });

  it('counts and adds up all of them', () => {
    const durations = new Durations();
    for (const seconds of [0.25, 60]) durations.add(seconds);
    should([durations.count, durations.sum]).eql([2, 60.25]);
  });
});
