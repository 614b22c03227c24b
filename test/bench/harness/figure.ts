import type { PeerName } from '../peers/peer-spec.js';
import type { ByRun } from './ratio.js';
import { mean, median } from './statistics.js';

/** One measurement of one peer. */
export interface Sample {
  /** For a rate: operations per second of CPU time that the server used, which neighbours on the machine hardly change. */
  readonly value: number;
  /** Operations per second by the clock. */
  readonly byClock?: number;
  /** Share of a core that the server and the load generator used meanwhile. */
  readonly serverCpu?: number;
  readonly loadCpu?: number;
  /** The time that a message was on its way, there and back. */
  readonly p50Ms?: number;
  readonly p99Ms?: number;
  /** Bytes per operation that scavenges moved to the old generation. */
  readonly promotedBytes?: number;
  /** Per thousand operations. */
  readonly scavenges?: number;
  /**
   * Pauses for collections by the time of the measurement. A server is busy all the time, so that this is the share of its
   * CPU, and a neighbour on the core makes both longer alike. Threads that mark beside it are left out.
   */
  readonly gcShare?: number;
}

/** A thing that was measured, for every peer in the same runs. */
export interface Figure {
  readonly name: string;
  readonly unit: string;
  /** By peer, then by the number of the run: a peer that did not start in one has no sample there. */
  readonly samples: ReadonlyMap<PeerName, ReadonlyMap<number, Sample>>;
}

/** Above this share of its core the load generator may have been what was measured. */
export const LOAD_LIMIT = 0.9;

export class FigureUnderWay implements Figure {
  readonly name: string;
  readonly unit: string;
  readonly samples = new Map<PeerName, Map<number, Sample>>();

  constructor({ name, unit }: Pick<Figure, 'name' | 'unit'>) {
    this.name = name;
    this.unit = unit;
  }

  add(peer: PeerName, run: number, sample: Sample): void {
    const ofPeer = this.samples.get(peer) ?? new Map<number, Sample>();
    this.samples.set(peer, ofPeer.set(run, sample));
  }
}

/** What is known of a peer, by the number of the run. */
export function byRun(figure: Figure | undefined, peer: PeerName, key: keyof Sample = 'value'): ByRun {
  const samples = [...(figure?.samples.get(peer) ?? [])];
  return new Map(
    samples.flatMap(([run, { [key]: value }]) => (value === undefined ? [] : [[run, value] as const])),
  );
}

export function valuesOf(figure: Figure, peer: PeerName, key: keyof Sample = 'value'): number[] {
  return [...byRun(figure, peer, key).values()];
}

/** Of measurements that took equally long; what is not known of all of them is not known. */
export function meanOf(samples: readonly Sample[]): Sample {
  const keys = Object.keys(samples[0] ?? {}) as (keyof Sample)[]; // a sample has no others
  const means = keys.map((key) => [key, mean(samples.map((sample) => sample[key]))] as const);
  return Object.fromEntries(means.filter(([, value]) => value !== undefined)) as unknown as Sample; // `value` is always known
}

/** Whether the load generator was at its own limit: the server might have done more. */
export function limitedByLoad(figure: Figure, peer: PeerName): boolean {
  const loads = valuesOf(figure, peer, 'loadCpu');
  return loads.length > 0 && median(loads) > LOAD_LIMIT;
}
