import type { Figure } from './figure.js';

const DIGITS = 5;

/** Every sample of a figure: a line of JSON per peer. */
export function jsonLines({ name, unit, samples }: Figure): string {
  return [...samples]
    .map(([peer, byRun]) => ({
      figure: name,
      unit,
      peer,
      runs: [...byRun].map(([run, sample]) => ({ run, ...sample })),
    }))
    .map((line) => `${JSON.stringify(line, rounded)}\n`)
    .join('');
}

function rounded(_key: string, value: unknown): unknown {
  return typeof value === 'number' ? Number(value.toPrecision(DIGITS)) : value;
}
