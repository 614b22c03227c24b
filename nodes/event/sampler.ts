/** Of a flood a flow gets so many in a period, in milliseconds: each is a message that somebody has to deal with. */
const MAX = 20;
const PERIOD_MS = 1000;

/**
 * Lets at most 20 a second pass.
 * @returns says of the next one: `skip`, or how many were skipped since the one before
 */
export function createSampler(now: () => number = () => performance.now()): () => number | 'skip' {
  let startedMs = Number.NEGATIVE_INFINITY;
  let passed = 0;
  let skipped = 0;
  return () => {
    const currentMs = now();
    if (currentMs - startedMs >= PERIOD_MS) {
      startedMs = currentMs;
      passed = 0;
    }
    if (passed === MAX) {
      skipped += 1;
      return 'skip';
    }
    passed += 1;
    const missed = skipped;
    skipped = 0;
    return missed;
  };
}
