import { type ByRun, type Ratio, ratioOf } from './ratio.js';

/**
 * The two ways in which a process can take messages. In the bad one V8 allocates what every message needs in the old
 * generation from the start, and each scavenge promotes what hangs on it: so much per connection, whatever the rate.
 */
export type Mode = 'good' | 'bad';

/** Runs in which we were in one mode and a peer in one. */
export interface ModeGroup {
  readonly ours: Mode;
  readonly peer: Mode;
  readonly runs: number;
  readonly ratio: Ratio;
}

/** @param badBytes promoted per message, from where on a process is in the bad mode */
export function modeOf(promotedBytes: number, badBytes: number): Mode {
  return promotedBytes >= badBytes ? 'bad' : 'good';
}

export function countBad(promoted: ByRun, badBytes: number): number {
  return [...promoted.values()].filter((bytes) => modeOf(bytes, badBytes) === 'bad').length;
}

/** The ratios parted by mode: the most frequent first. Runs of which a mode is not known are in none. */
export function byMode(ratios: ByRun, ours: ByRun, peer: ByRun, badBytes: number): readonly ModeGroup[] {
  const groups = new Map<
    string,
    { readonly modes: readonly [Mode, Mode]; readonly ratios: [number, number][] }
  >();
  for (const [run, ratio] of ratios) {
    const promoted = [ours.get(run), peer.get(run)] as const;
    if (promoted[0] === undefined || promoted[1] === undefined) continue;
    const modes = [modeOf(promoted[0], badBytes), modeOf(promoted[1], badBytes)] as const;
    const group = groups.get(modes.join()) ?? { modes, ratios: [] };
    group.ratios.push([run, ratio]);
    groups.set(modes.join(), group);
  }
  return [...groups.values()]
    .map(({ modes, ratios }) => ({
      ours: modes[0],
      peer: modes[1],
      runs: ratios.length,
      ratio: ratioOf(new Map(ratios)),
    }))
    .toSorted((a, b) => b.runs - a.runs);
}
