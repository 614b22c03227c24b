import { mock } from 'node:test';
import fc from 'fast-check';
import should from 'should';
import { BoundedLog } from '../../../src/events/bounded.js';

const KINDS = ['token_invalid signature', 'token_expired expired', '4429', 'unavailable secret-missing'];

/** So many events of one kind, after a pause. */
const burst = fc.record({
  kind: fc.constantFrom(...KINDS),
  times: fc.integer({ min: 1, max: 40 }),
  pauseMs: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 130_000 })),
});

interface Line {
  readonly kind: string;
  readonly more: number;
  readonly atMs: number;
}

describe('src/events/bounded: for any sequence of refusals and closings', () => {
  it('a kind writes ten lines and one sum in its minute, never loses its first, and every event is told or counted', () => {
    fc.assert(
      fc.property(fc.array(burst, { maxLength: 40 }), (bursts) => {
        mock.timers.enable({ apis: ['setTimeout'] });
        let nowMs = 0;
        const lines: Line[] = [];
        const log = new BoundedLog<string>(
          (kind, more) => lines.push({ kind, more, atMs: nowMs }),
          () => nowMs,
        );
        const added = new Map<string, number>();
        for (const { kind, times, pauseMs } of bursts) {
          for (let leftMs = pauseMs; leftMs > 0; leftMs -= 1000) {
            const stepMs = Math.min(leftMs, 1000);
            nowMs += stepMs;
            mock.timers.tick(stepMs);
          }
          for (let i = 0; i < times; i += 1) {
            log.add(kind, kind);
            added.set(kind, (added.get(kind) ?? 0) + 1);
            if (i === 0 && added.get(kind) === 1) should(lines.at(-1)).match({ kind, more: 0 });
          }
        }
        log.close();
        mock.timers.reset();
        for (const kind of KINDS)
          shouldBeBounded(
            lines.filter((line) => line.kind === kind),
            added.get(kind) ?? 0,
          );
      }),
      { numRuns: 200 },
    );
  });
});

function shouldBeBounded(lines: readonly Line[], added: number): void {
  should(lines.reduce((sum, { more }) => sum + Math.max(1, more), 0)).equal(added);
  let startedMs = Number.NEGATIVE_INFINITY;
  let written = 0;
  for (const { more, atMs } of lines) {
    if (more > 0) {
      should(written).equal(10);
      written = 0;
      startedMs = Number.NEGATIVE_INFINITY;
      continue;
    }
    if (atMs - startedMs >= 60_000) {
      startedMs = atMs;
      written = 0;
    }
    written += 1;
    should(written).be.belowOrEqual(10);
  }
}
