export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** Makes the median absolute deviation an estimate of the standard deviation, where errors are normal. */
const MAD_TO_SIGMA = 1.4826;

/** A quotient of two figures, and how far it may be off. */
export interface Ratio {
  readonly value: number;
  /** The spread of the quotients of neighbouring repetitions, as one standard deviation. */
  readonly noise: number;
}

/**
 * The quotient of two figures that were measured in turns: the median over the turns, so that what slows the machine for
 * a while slows both.
 */
export function ratioOf(numerator: readonly number[], denominator: readonly number[]): Ratio {
  const turns = Math.min(numerator.length, denominator.length);
  const quotients = Array.from(
    { length: turns },
    (_, turn) => (numerator[turn] ?? Number.NaN) / (denominator[turn] ?? Number.NaN),
  );
  return { value: median(quotients), noise: spread(quotients) };
}

/** How far values lie apart, as one standard deviation. */
export function spread(values: readonly number[]): number {
  const middle = median(values);
  return MAD_TO_SIGMA * median(values.map((value) => Math.abs(value - middle)));
}
