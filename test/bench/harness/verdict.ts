import { byRun, type Figure } from './figure.js';
import { type Goal, isWithPeer, PROMOTION_LIMITS, type PromotionLimit } from './goals.js';
import { type ByRun, quotients } from './ratio.js';

/** How a goal, or a limit, was kept in the runs that tell. */
export interface Verdict {
  /** What was asked for, to be read by people. */
  readonly wanted: string;
  readonly runs: number;
  readonly missed: number;
}

type Figures = ReadonlyMap<string, Figure>;

/** Judges a goal run by run; undefined where no run measured what it takes. */
export function judge(goal: Goal, figures: Figures): Verdict | undefined {
  const { atLeast = Number.NEGATIVE_INFINITY, atMost = Number.POSITIVE_INFINITY } = goal;
  const values = [...valuesFor(goal, figures).values()];
  if (values.length === 0) return undefined;
  const missed = values.filter((value) => !(value >= atLeast && value <= atMost)).length;
  return { wanted: wantedOf(goal), runs: values.length, missed };
}

/** Judges what we promoted in an echo; undefined for other figures. A run of which that is not known has missed. */
export function judgePromotion(figure: Figure): Verdict | undefined {
  const limit = PROMOTION_LIMITS.find(({ figures }) => figure.name.startsWith(figures));
  const runs = [...byRun(figure, 'ours').keys()];
  if (limit === undefined || runs.length === 0 || !isComparable(limit, figure)) return undefined;
  const promoted = byRun(figure, 'ours', 'promotedBytes');
  const isKept = keeps(limit, figure);
  const missed = runs.filter((run) => !isKept(promoted.get(run) ?? Number.NaN, run)).length;
  return { wanted: wantedOfLimit(limit), runs: runs.length, missed };
}

function isComparable({ below }: PromotionLimit, figure: Figure): boolean {
  return 'bytes' in below || figure.samples.has(below.orAsMuchAs);
}

/** NaN keeps no limit. */
function keeps({ below }: PromotionLimit, figure: Figure): (bytes: number, run: number) => boolean {
  if ('bytes' in below) return (bytes) => bytes < below.bytes;
  const others = byRun(figure, below.orAsMuchAs, 'promotedBytes');
  return (bytes, run) => bytes <= (others.get(run) ?? Number.NaN);
}

function valuesFor({ figure, than }: Goal, figures: Figures): ByRun {
  const ours = byRun(figures.get(figure), 'ours');
  if (than === 'absolute') return ours;
  if (isWithPeer(than)) return quotients(ours, byRun(figures.get(figure), than.peer));
  return quotients(ours, byRun(figures.get(than.figure), 'ours'));
}

function wantedOf({ than, atLeast, atMost }: Goal): string {
  const amount = (value: number) =>
    value >= 1000 ? Math.round(value).toLocaleString('en') : String(Number(value.toPrecision(3)));
  const bound = atLeast === undefined ? `<= ${amount(atMost ?? Number.NaN)}` : `>= ${amount(atLeast)}`;
  if (than === 'absolute') return bound;
  return `${bound} x ${'peer' in than ? than.peer : than.figure}`;
}

function wantedOfLimit({ below }: PromotionLimit): string {
  return 'bytes' in below ? `promoted < ${below.bytes}` : `promoted <= ${below.orAsMuchAs}`;
}
