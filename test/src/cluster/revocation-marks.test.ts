import should from 'should';
import { horizonAt, RevocationMarks } from '../../../src/cluster/revocation-marks.js';
import { RevocationSet } from '../../../src/sessions/revocation-set.js';

const NOW = 1_000_000_000;
const MANY = 20_000;

function set(): RevocationSet {
  return new RevocationSet({ now: () => NOW, areShared: true });
}

describe('src/cluster/revocation-marks', () => {
  it('are the same for the same revocations, and others for any that differ', () => {
    const sets = [set(), set()] as const;
    const marks = sets.map((one) => new RevocationMarks(one)) as [RevocationMarks, RevocationMarks];
    const entries = Array.from({ length: 100 }, (_, i) => ({
      jti: String(i),
      before: NOW,
      until: NOW + 500_000 + i,
    }));
    for (const entry of entries) sets[0].take(entry);
    for (const entry of entries.reverse()) sets[1].take({ ...entry });
    should(marks[0].digest(NOW)).equal(marks[1].digest(NOW));
    should(marks[0].differing(NOW, marks[1].of(NOW))).eql([]);
    for (const change of [
      { jti: '5', before: NOW + 1, until: NOW + 600_000 },
      { jti: '6', restored: NOW + 1, until: NOW },
      { jti: '6', before: NOW + 1, until: NOW + 600_000 },
      { subject: '5', before: NOW, until: NOW + 600_000 },
      { tenantId: null, before: NOW, until: NOW + 600_000 },
    ]) {
      const before = marks[0].digest(NOW);
      sets[0].take(change);
      should(marks[0].digest(NOW)).not.equal(before);
      const missing = marks[0].differing(NOW, marks[1].of(NOW));
      should(missing.length).be.below(12); // not all of them
      for (const entry of missing) sets[1].take(entry);
      should(marks[0].digest(NOW)).equal(marks[1].digest(NOW));
    }
  });

  it('say nothing of what ends before their horizon, and so do not change when it ends', () => {
    const shown = set();
    const marks = new RevocationMarks(shown);
    const horizon = horizonAt(NOW);
    should(horizon).be.within(NOW + 60_000, NOW + 120_000);
    should(horizonAt(horizon - 60_001)).be.belowOrEqual(horizon);
    const empty = marks.digest(horizon);
    shown.take({ jti: 'soon', before: NOW, until: horizon });
    should(marks.digest(horizon)).equal(empty);
    should(marks.digest(NOW)).not.equal(empty);
    shown.take({ jti: 'later', before: NOW, until: horizon + 1 });
    should(marks.digest(horizon)).not.equal(empty);
    should(marks.differing(horizon, Buffer.alloc(2048))).match([{ jti: 'later' }]);
  });

  it('are kept up to date at little cost, however many there are, and are what they would be if made anew', () => {
    const shown = set();
    const marks = new RevocationMarks(shown);
    for (let i = 0; i < MANY; i += 1) shown.take({ jti: String(i), before: NOW, until: NOW + 500_000 });
    const startedMs = performance.now();
    marks.of(NOW);
    const allMs = performance.now() - startedMs;
    const changed = 100;
    for (let i = 0; i < changed; i += 1) {
      shown.take({ jti: String(i), before: NOW + 1, until: NOW + 500_000 });
      marks.of(NOW);
    }
    const eachMs = (performance.now() - startedMs - allMs) / changed;
    console.log(`      ${allMs.toFixed(0)} ms for ${MANY}, ${eachMs.toFixed(2)} ms for each change`);
    should(eachMs).be.below(allMs + 1);
    should(new RevocationMarks(shown).digest(NOW)).equal(marks.digest(NOW));
  });
});
