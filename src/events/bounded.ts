/** Lines that a burst of events may write, and how long until the next burst may: peers must not fill the log. */
const BURST = 10;
const PERIOD_MS = 60_000;

/**
 * Bounds how many lines a stream of events writes.
 * @param write gets how many events were passed over since the last line
 */
export function createBoundedLog<T>(
  write: (event: T, passedOver: number) => void,
  now: () => number = () => performance.now(),
): (event: T) => void {
  let startedMs = Number.NEGATIVE_INFINITY;
  let written = 0;
  let passedOver = 0;
  return (event) => {
    if (now() - startedMs >= PERIOD_MS) {
      startedMs = now();
      written = 0;
    }
    if (written === BURST) {
      passedOver += 1;
      return;
    }
    written += 1;
    write(event, passedOver);
    passedOver = 0;
  };
}
