import { WINDOW } from './history-editor.js';

const WIDTH = 92;
const HEIGHT = 24;
const SVG = 'http://www.w3.org/2000/svg';

/** A curve of the last minute, for the eye alone: its last value stands beside it. */
export function sparkline(): JQuery {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', `0 0 ${WIDTH} ${HEIGHT}`);
  svg.setAttribute('preserveAspectRatio', 'none');
  svg.setAttribute('aria-hidden', 'true');
  svg.append(document.createElementNS(SVG, 'polyline'));
  return $(svg as unknown as HTMLElement); // jQuery's types know elements of HTML only
}

/** @param values one for each second; null where nothing is known */
export function drawSparkline(curve: JQuery, values: readonly (number | null)[]): void {
  const most = Math.max(1, ...values.map((value) => value ?? 0));
  const points = values.flatMap((value, index) => {
    if (value === null) return [];
    const x = ((WINDOW - values.length + index) / (WINDOW - 1)) * WIDTH;
    return [`${x.toFixed(1)},${(HEIGHT - 1 - (value / most) * (HEIGHT - 2)).toFixed(1)}`];
  });
  curve.find('polyline').attr('points', points.join(' '));
}
