/** How a figure changes per step, and how sure that is. */
export interface Slope {
  /** Of the line of least squares. */
  readonly perStep: number;
  /** The slope is at least this, with 97.5 % confidence, if what is left beside the line is chance. */
  readonly atLeast: number;
}

/** Student's t at 97.5 % for 1, 2, 3 ... degrees of freedom; close to 2 from there on. */
const T_975 = [12.71, 4.3, 3.18, 2.78, 2.57, 2.45, 2.36, 2.31, 2.26, 2.23];

/** Fits a line through figures that were taken at equal distances. @throws RangeError for fewer than three */
export function slopeOf(figures: readonly number[]): Slope {
  const count = figures.length;
  if (count < 3) throw new RangeError('three figures are the least that have a slope and an error');
  const middle = (count - 1) / 2;
  const mean = figures.reduce((sum, figure) => sum + figure, 0) / count;
  let covariance = 0;
  let variance = 0;
  for (const [step, figure] of figures.entries()) {
    covariance += (step - middle) * (figure - mean);
    variance += (step - middle) ** 2;
  }
  const perStep = covariance / variance;
  let unexplained = 0;
  for (const [step, figure] of figures.entries()) {
    unexplained += (figure - mean - perStep * (step - middle)) ** 2;
  }
  const error = Math.sqrt(unexplained / (count - 2) / variance);
  return { perStep, atLeast: perStep - (T_975[count - 3] ?? 2.1) * error };
}
