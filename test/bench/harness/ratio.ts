import { median, spread } from './statistics.js';

/** A quotient of two figures, or one of them, and how far the runs lie apart, as one standard deviation. */
export interface Ratio {
  readonly value: number;
  readonly noise: number;
}

/** Values by the number of the run that they are from. */
export type ByRun = ReadonlyMap<number, number>;

/**
 * The quotients of two figures in the runs that have both: what slows the machine for a while slows both. NaN, which meets
 * no goal, where a figure is not positive: such a one was not measured, but drowned in noise.
 */
export function quotients(numerator: ByRun, denominator: ByRun): ByRun {
  const both = [...numerator].flatMap(([run, value]) => {
    const other = denominator.get(run);
    return other === undefined ? [] : [[run, value > 0 && other > 0 ? value / other : Number.NaN] as const];
  });
  return new Map(both);
}

export function ratioOf(values: ByRun): Ratio {
  const all = [...values.values()];
  return { value: median(all), noise: spread(all) };
}
