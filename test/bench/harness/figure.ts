import type { PeerName } from '../peers/peer-spec.js';
import { median, spread } from './statistics.js';

/** One measurement of one peer. */
export interface Sample {
  /** For a rate: operations per second of CPU time that the server used, which neighbours on the machine hardly change. */
  readonly value: number;
  /** Operations per second by the clock. */
  readonly byClock?: number;
  /** Share of a core that the server and the load generator used meanwhile. */
  readonly serverCpu?: number;
  readonly loadCpu?: number;
}

/** What a sample may hold beside its value. */
type Detail = Exclude<keyof Sample, 'value'>;

/** A thing that was measured, for every peer as often. */
export interface Figure {
  readonly name: string;
  readonly unit: string;
  readonly samples: Map<PeerName, Sample[]>;
}

/** Above this share of its core the load generator may have been what was measured. */
export const LOAD_LIMIT = 0.9;

/** What is printed of a figure for one peer. */
export interface FigureLine {
  readonly figure: string;
  readonly peer: PeerName;
  readonly unit: string;
  readonly median: number;
  readonly spread: number;
  readonly samples: readonly number[];
  readonly byClock?: number;
  readonly serverCpu?: number;
  readonly loadCpu?: number;
  readonly limit?: 'load generator';
}

export function valuesOf(figure: Figure, peer: PeerName, key: keyof Sample = 'value'): number[] {
  return (figure.samples.get(peer) ?? []).flatMap((sample) => sample[key] ?? []);
}

export function figureLine(figure: Figure, peer: PeerName): FigureLine {
  const values = valuesOf(figure, peer);
  const medianOf = (key: Detail) => {
    const known = valuesOf(figure, peer, key);
    return known.length === 0 ? {} : { [key]: rounded(median(known)) };
  };
  const limited = limitedByLoad(figure, peer);
  return {
    figure: figure.name,
    peer,
    unit: figure.unit,
    median: rounded(median(values)),
    spread: rounded(spread(values)),
    samples: values.map(rounded),
    ...medianOf('byClock'),
    ...medianOf('serverCpu'),
    ...medianOf('loadCpu'),
    ...(limited ? { limit: 'load generator' as const } : {}),
  };
}

/** Adds what one measurement of a peer gave: a sample for each of `figures` that it knows. */
export function addSamples(figures: readonly Figure[], peer: PeerName, samples: readonly Sample[]): void {
  figures.forEach((figure, index) => {
    const sample = samples[index];
    if (sample !== undefined) figure.samples.set(peer, [...(figure.samples.get(peer) ?? []), sample]);
  });
}

/** Whether the load generator was at its own limit: the server might have done more. */
export function limitedByLoad(figure: Figure, peer: PeerName): boolean {
  const loads = valuesOf(figure, peer, 'loadCpu');
  return loads.length > 0 && median(loads) > LOAD_LIMIT;
}

function rounded(value: number): number {
  return Number(value.toPrecision(5));
}
