import should from 'should';
import { BoundedCounts } from '../../../src/metrics/bounded-counts.js';

describe('src/metrics/bounded-counts', () => {
  it('counts by word', () => {
    const counts = new BoundedCounts(3);
    for (const word of ['a', 'b', 'a']) counts.add(word);
    should([...counts.entries()]).eql([
      ['a', 2],
      ['b', 1],
    ]);
  });

  it('has the expected words from the beginning', () => {
    should([...new BoundedCounts(3, ['ok']).entries()]).eql([['ok', 0]]);
  });

  it('counts as other what comes after the last place is taken, and goes on with the words it has', () => {
    const counts = new BoundedCounts(2);
    for (const word of ['a', 'b', 'c', 'd', 'b', 'a']) counts.add(word);
    should(Object.fromEntries(counts.entries())).eql({ a: 2, b: 2, other: 2 });
  });
});
