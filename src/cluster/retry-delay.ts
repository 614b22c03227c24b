const FIRST_MS = 500;

/** Longest wait from one attempt to the next, in milliseconds. */
export const LONGEST_DELAY_MS = 15_000;

/**
 * How long to wait before the next attempt, in milliseconds: random between half a second and a limit that doubles, so that
 * the members of a cluster do not all come back to their broker at once.
 * @param failures so far, without a success
 */
export function retryDelay(failures: number, random: () => number = Math.random): number {
  return FIRST_MS + random() * (Math.min(LONGEST_DELAY_MS, FIRST_MS * 2 ** failures) - FIRST_MS);
}
