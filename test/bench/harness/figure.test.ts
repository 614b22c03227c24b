import should from 'should';
import { meanOf } from './figure.js';

describe('bench: measurements in turns', () => {
  it('are one sample, of their means', () => {
    should(meanOf([{ value: 1, gcShare: 0.2 }])).eql({ value: 1, gcShare: 0.2 });
    should(
      meanOf([
        { value: 1, loadCpu: 0.5 },
        { value: 4, loadCpu: 0.25 },
      ]),
    ).eql({ value: 2.5, loadCpu: 0.375 });
  });

  it('know nothing that one of them does not', () => {
    should(meanOf([{ value: 1, promotedBytes: 3 }, { value: 3 }])).eql({ value: 2 });
    should(meanOf([{ value: 1 }, { value: 3, promotedBytes: 3 }])).eql({ value: 2 });
  });
});
