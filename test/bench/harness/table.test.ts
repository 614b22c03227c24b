import should from 'should';
import { FigureUnderWay } from './figure.js';
import { rowsOf } from './table.js';

describe('bench: the table', () => {
  it('says of a figure at a glance how it compares, in which modes, and whether that is enough', () => {
    const figure = new FigureUnderWay({ name: 'echo 1000 x 1 KiB text', unit: 'messages/s' });
    const sample = { scavenges: 0.4, gcShare: 0.07 };
    for (const [run, promotedBytes] of [0, 600, 620].entries()) {
      figure.add('ours', run, { ...sample, value: promotedBytes === 0 ? 120 : 80, promotedBytes });
      figure.add('core', run, { ...sample, value: 100, promotedBytes: 0 });
    }
    const rows = rowsOf(figure, new Map([[figure.name, figure]]));
    should(rows[0]).match(
      /^echo 1000 x 1 KiB text +80 messages\/s +0\.80 ± 0\.00 core +2\/3 \| 0\/3 +600 \| 0\.0/,
    );
    should(rows[0]).match(
      /0\.40 \| 0\.40 +7\.0 \| 7\.0 +>= 1\.15 x core MISSED 2\/3, promoted < 50 MISSED 2\/3$/,
    );
    should(rows.slice(1).map((row) => row.trim().replaceAll(/ +/g, ' '))).eql([
      '0.80 ± 0.00 2 x ours bad, core good',
      '1.20 ± 0.00 1 x ours good, core good',
    ]);
  });
});
