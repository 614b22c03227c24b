import should from 'should';
import { byMode, countBad, modeOf } from './modes.js';

const BAD_BYTES = 50;

describe('bench: modes', () => {
  it('are parted by promoted bytes: from the limit on a run is a bad one', () => {
    should(modeOf(49.9, BAD_BYTES)).equal('good');
    should(modeOf(50, BAD_BYTES)).equal('bad');
    should(countBad(runs(0, 50, 3, 900), BAD_BYTES)).equal(2);
  });

  it('have a ratio each, the most frequent first', () => {
    const ratios = runs(1.2, 0.7, 0.8, 1.3, 0.75, 1.6);
    const ours = runs(0, 300, 320, 0, 310, 1);
    const peer = runs(0, 2, 4, 0, 0, 600);
    should(
      byMode(ratios, ours, peer, BAD_BYTES).map(({ ratio, ...group }) => ({ ...group, ratio: ratio.value })),
    ).eql([
      { ours: 'bad', peer: 'good', runs: 3, ratio: 0.75 },
      { ours: 'good', peer: 'good', runs: 2, ratio: 1.25 },
      { ours: 'good', peer: 'bad', runs: 1, ratio: 1.6 },
    ]);
  });

  it('do not count a run of which promoted bytes are not known', () => {
    const ours = new Map([[1, 0]]);
    should(byMode(runs(1, 2), ours, runs(0, 0), BAD_BYTES).map((group) => group.runs)).eql([1]);
    should(byMode(runs(1, 2), ours, new Map(), BAD_BYTES)).eql([]);
  });
});

function runs(...values: readonly number[]): ReadonlyMap<number, number> {
  return new Map(values.entries());
}
