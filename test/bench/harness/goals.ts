import type { PeerName } from '../peers/peer-spec.js';
import { type Figure, valuesOf } from './figure.js';
import { median, type Ratio, ratioOf, spread } from './statistics.js';

/** What our figure must be: compared with a peer's, with another of our own, or in its own unit. */
export interface Goal {
  readonly figure: string;
  readonly than: { readonly peer: PeerName } | { readonly figure: string } | 'absolute';
  readonly atLeast?: number;
  readonly atMost?: number;
}

export interface Verdict {
  readonly goal: Goal;
  readonly ratio: Ratio;
  readonly met: boolean;
  /** Missed by more than this run's noise. */
  readonly missed: boolean;
}

/** The cap on what is unsent, and a tenth for what holds the bytes. */
const CAP_BYTES = 16 * 1024 * 1024 * 1.1;

/** What we aim for. Ratios hold on any machine; the three absolute ones are a stall, bytes per connection and a cap. */
export const GOALS: readonly Goal[] = [
  { figure: 'handshake HS256, none open', than: { peer: 'core' }, atLeast: 2 },
  { figure: 'handshake HS256, none open', than: { peer: 'ws+jose' }, atLeast: 0.95 },
  { figure: 'handshake RS256, none open', than: { peer: 'ws+jose' }, atLeast: 0.95 },
  { figure: 'handshake ES256, none open', than: { peer: 'ws+jose' }, atLeast: 0.95 },
  { figure: 'handshake HS256, 9000 open', than: { peer: 'core' }, atLeast: 11 },
  { figure: 'handshake HS256, 9000 open', than: { figure: 'handshake HS256, none open' }, atLeast: 0.85 },
  { figure: 'echo 100 x 64 B text', than: { peer: 'core' }, atLeast: 1.1 },
  { figure: 'echo 100 x 64 B text', than: { peer: 'ws' }, atLeast: 0.95 },
  { figure: 'echo 1000 x 1 KiB text', than: { peer: 'core' }, atLeast: 1.35 },
  { figure: 'echo 1000 x 1 KiB text', than: { peer: 'ws' }, atLeast: 0.95 },
  { figure: 'echo 1000 x 64 KiB text', than: { peer: 'core' }, atLeast: 2.3 },
  { figure: 'fan-out to 10000', than: { peer: 'core' }, atLeast: 1.3 },
  { figure: 'fan-out to 10000', than: { peer: 'floor' }, atLeast: 0.65 },
  { figure: 'longest stall, fan-out to 10000', than: 'absolute', atMost: 20 },
  { figure: 'tenant send, 100 of 10000', than: { peer: 'ws+jose' }, atLeast: 1 },
  { figure: 'tenant send, 1 of 10000', than: { figure: 'tenant send, 1 of 100' }, atLeast: 0.9 },
  { figure: 'heap per connection', than: { peer: 'core' }, atMost: 1.15 },
  { figure: 'memory per connection', than: { peer: 'core' }, atMost: 1.15 },
  { figure: 'heap left per closed connection', than: 'absolute', atMost: 75 },
  { figure: 'memory for a peer that never reads', than: 'absolute', atMost: CAP_BYTES },
];

/** Judges a goal; undefined where the run did not measure what it takes. */
export function judge(goal: Goal, figures: ReadonlyMap<string, Figure>): Verdict | undefined {
  const ratio = ratioFor(goal, figures);
  if (ratio === undefined) return undefined;
  const short = Math.max(
    (goal.atLeast ?? Number.NEGATIVE_INFINITY) - ratio.value,
    ratio.value - (goal.atMost ?? Number.POSITIVE_INFINITY),
  );
  return { goal, ratio, met: short <= 0, missed: short > ratio.noise };
}

function ratioFor({ figure, than }: Goal, figures: ReadonlyMap<string, Figure>): Ratio | undefined {
  const ours = valuesIn(figures, figure, 'ours');
  if (ours === undefined) return undefined;
  if (than === 'absolute') return { value: median(ours), noise: spread(ours) };
  const other =
    'peer' in than ? valuesIn(figures, figure, than.peer) : valuesIn(figures, than.figure, 'ours');
  return other === undefined ? undefined : ratioOf(ours, other);
}

function valuesIn(figures: ReadonlyMap<string, Figure>, name: string, peer: PeerName): number[] | undefined {
  const figure = figures.get(name);
  const values = figure === undefined ? [] : valuesOf(figure, peer);
  return values.length === 0 ? undefined : values;
}
