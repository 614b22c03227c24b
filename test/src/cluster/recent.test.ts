import should from 'should';
import { Recent } from '../../../src/cluster/recent.js';

describe('src/cluster/recent', () => {
  it('makes a value once, as long as it is asked for now and then', () => {
    const made: number[] = [];
    const recent = new Recent<number, string>(4, (key) => {
      made.push(key);
      return `value ${key}`;
    });
    for (const key of [1, 2, 1, 3, 1, 4, 1]) should(recent.get(key)).equal(`value ${key}`);
    should(made).eql([1, 2, 3, 4]);
  });

  it('forgets what was not asked for while as many others were as it keeps', () => {
    let made = 0;
    const recent = new Recent<number, number>(4, (key) => {
      made += 1;
      return key;
    });
    for (const key of [1, 2, 3, 4, 5, 1]) recent.get(key);
    should(made).equal(6);
  });
});
