import should from 'should';
import { slopeOf } from './slope.js';

describe('soak: the slope of figures', () => {
  it('is that of a line, for figures on a line', () => {
    const { perStep, atLeast } = slopeOf([10, 13, 16, 19, 22]);
    should(perStep).be.approximately(3, 1e-9);
    should(atLeast).be.approximately(3, 1e-9);
  });

  it('is surely above nothing for figures that grow, and not for figures that go up and down', () => {
    should(slopeOf([100, 112, 119, 131, 140, 149, 162]).atLeast).be.above(5);
    should(slopeOf([100, 104, 99, 103, 98, 105, 101]).atLeast).be.below(0);
    should(slopeOf([5, 5, 5, 5]).atLeast).equal(0);
  });

  it('needs three figures', () => {
    should(() => slopeOf([1, 2])).throw(RangeError);
  });
});
