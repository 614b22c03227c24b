import type { PeerName } from '../peers/peer-spec.js';
import { byRun, type Figure, valuesOf } from './figure.js';
import { BAD_MODE_BYTES, GOALS } from './goals.js';
import { byMode, countBad } from './modes.js';
import { type ByRun, quotients, type Ratio, ratioOf } from './ratio.js';
import { median } from './statistics.js';
import { judge, judgePromotion, type Verdict } from './verdict.js';

/** What the columns are. */
export const LEGEND = `Medians over the runs, ours before the peer's. Rates are by the CPU time of the server; [by the clock].
bad: runs in the bad mode, >= ${BAD_MODE_BYTES} bytes promoted per message; B: promoted per operation; scav.: scavenges per 1,000 operations;
GC: pauses, in percent of the time. Goals are to be met in every run.`;

const WIDTHS = [34, 20, 30, 13, 15, 13, 11];

export const HEAD = row('figure', 'ours', 'ours / peer ± spread', 'bad', 'B', 'scav.', 'GC %', 'goals');

/** A row per peer: the first has the figure's name; below it the ratio in each mode, where there was more than one. */
export function rowsOf(figure: Figure, figures: ReadonlyMap<string, Figure>): readonly string[] {
  const peers = [...figure.samples.keys()].filter((peer) => peer !== 'ours');
  const main = peers.includes('core') ? 'core' : peers[0];
  const ordered = peers.toSorted((a, b) => Number(b === main) - Number(a === main));
  if (main === undefined) {
    const goals = goalsCell(figure, undefined, true, figures);
    return [row(figure.name, oursIn(figure), '', ...gcCells(figure, undefined), goals)];
  }
  return ordered.flatMap((peer) => [
    row(
      peer === main ? figure.name : '',
      peer === main ? oursIn(figure) : '',
      ratioCell(figure, peer),
      ...gcCells(figure, peer),
      goalsCell(figure, peer, peer === main, figures),
    ),
    ...(peer === main ? modeRows(figure, peer) : []),
  ]);
}

function oursIn(figure: Figure): string {
  return `${amount(median(valuesOf(figure, 'ours')))} ${figure.unit}`;
}

function ratioCell(figure: Figure, peer: PeerName): string {
  const ratio = (key: 'value' | 'byClock') =>
    ratioOf(quotients(byRun(figure, 'ours', key), byRun(figure, peer, key)));
  const clock = ratio('byClock').value;
  return `${shown(ratio('value'))}${Number.isNaN(clock) ? '' : ` [${clock.toFixed(2)}]`} ${peer}`;
}

function gcCells(figure: Figure, peer: PeerName | undefined): readonly string[] {
  const cell = (of: (name: PeerName) => string) =>
    [of('ours'), ...(peer === undefined ? [] : [of(peer)])].join(' | ').replace(/^ \| $/, '');
  const middle = (key: 'promotedBytes' | 'scavenges' | 'gcShare', show: (value: number) => string) =>
    cell((name) => {
      const values = valuesOf(figure, name, key);
      return values.length === 0 ? '' : show(median(values));
    });
  const bad = cell((name) => {
    const promoted = byRun(figure, name, 'promotedBytes');
    return promoted.size === 0 ? '' : `${countBad(promoted, BAD_MODE_BYTES)}/${promoted.size}`;
  });
  return [
    figure.name.startsWith('echo') ? bad : '',
    middle('promotedBytes', amount),
    middle('scavenges', (value) => value.toPrecision(2)),
    middle('gcShare', (value) => (value * 100).toFixed(1)),
  ];
}

function goalsCell(
  figure: Figure,
  peer: PeerName | undefined,
  isMain: boolean,
  figures: ReadonlyMap<string, Figure>,
): string {
  const own = GOALS.filter(
    (goal) =>
      goal.figure === figure.name &&
      (typeof goal.than === 'object' && 'peer' in goal.than ? goal.than.peer === peer : isMain),
  );
  const verdicts = [...own.map((goal) => judge(goal, figures)), isMain ? judgePromotion(figure) : undefined];
  return verdicts.flatMap((verdict) => (verdict === undefined ? [] : [verdictText(verdict)])).join(', ');
}

function verdictText({ wanted, runs, missed }: Verdict): string {
  return missed === 0 ? `${wanted} met` : `${wanted} MISSED ${missed}/${runs}`;
}

function modeRows(figure: Figure, peer: PeerName): readonly string[] {
  if (!figure.name.startsWith('echo')) return [];
  const promoted = (name: PeerName): ByRun => byRun(figure, name, 'promotedBytes');
  const ratios = quotients(byRun(figure, 'ours'), byRun(figure, peer));
  const groups = byMode(ratios, promoted('ours'), promoted(peer), BAD_MODE_BYTES);
  if (groups.length < 2) return [];
  return groups.map(({ ours, peer: other, runs, ratio }) =>
    row('', '', `  ${shown(ratio)}`, `${runs} x ours ${ours}, ${peer} ${other}`),
  );
}

function row(...cells: readonly string[]): string {
  return cells
    .map((cell, column) => cell.padEnd(WIDTHS[column] ?? 0))
    .join('  ')
    .trimEnd();
}

function shown({ value, noise }: Ratio): string {
  return value >= 1000 ? `${amount(value)} ± ${amount(noise)}` : `${value.toFixed(2)} ± ${noise.toFixed(2)}`;
}

function amount(value: number): string {
  if (value >= 100) return Math.round(value).toLocaleString('en');
  return value >= 10 ? value.toFixed(0) : value.toFixed(1);
}
