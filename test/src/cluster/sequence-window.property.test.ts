import { array, assert, nat, oneof, property } from 'fast-check';
import should from 'should';
import { SequenceWindow, WINDOW } from '../../../src/cluster/sequence-window.js';

/** Near each other, and from one end of the window to the other. */
const steps = array(oneof(nat({ max: 3 }), nat({ max: 100 }), nat({ max: 2 * WINDOW })), { maxLength: 200 });

describe('src/cluster/sequence-window', () => {
  it('takes every number once, of those that are not too far behind', () => {
    assert(
      property(steps, array(nat({ max: 2 * WINDOW })), (ahead, back) => {
        const window = new SequenceWindow();
        const seen = new Set<number>();
        let newest = -1;
        ahead.forEach((step, index) => {
          const sequence = Math.max(0, newest + 1 + step - (back[index] ?? 0));
          const isNew = !seen.has(sequence) && sequence > newest - WINDOW;
          should(window.isNew(sequence)).equal(isNew);
          if (!isNew) return;
          window.add(sequence);
          seen.add(sequence);
          newest = Math.max(newest, sequence);
        });
      }),
    );
  });

  it('counts as far as a sender can', () => {
    const window = new SequenceWindow();
    for (const sequence of [Number.MAX_SAFE_INTEGER - 1, Number.MAX_SAFE_INTEGER]) {
      should(window.isNew(sequence)).be.true();
      window.add(sequence);
      should(window.isNew(sequence)).be.false();
    }
    should(window.isNew(0)).be.false();
  });
});
