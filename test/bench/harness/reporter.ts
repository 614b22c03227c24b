import type { PeerName } from '../peers/peer-spec.js';
import { type Figure, figureLine, LOAD_LIMIT, limitedByLoad, valuesOf } from './figure.js';
import { GOALS, type Goal, judge, type Verdict } from './goals.js';
import { median, type Ratio, ratioOf } from './statistics.js';

/** Prints what a run finds: a line of JSON per figure and peer on stdout as it comes, tables at the end. */
export class Reporter {
  readonly #figures = new Map<string, Figure>();
  readonly #limited: string[] = [];

  figure(figure: Figure): void {
    this.#figures.set(figure.name, figure);
    for (const peer of figure.samples.keys()) {
      console.log(JSON.stringify(figureLine(figure, peer)));
      if (limitedByLoad(figure, peer)) this.#limited.push(`${figure.name} (${peer})`);
    }
  }

  /** Something that a reader of the figures must know. */
  note(text: string): void {
    console.error(`# ${text}`);
  }

  /** @returns the goals that are missed by more than the noise */
  summary(): readonly Verdict[] {
    console.log('\nours, and ours / peer ± noise: by the CPU time of the server [by the clock]\n');
    for (const figure of this.#figures.values()) console.log(ratioRow(figure));
    const verdicts = GOALS.flatMap((goal) => judge(goal, this.#figures) ?? []);
    console.log('\ngoals, rates by the CPU time of the server\n');
    for (const verdict of verdicts) console.log(goalRow(verdict));
    if (verdicts.length < GOALS.length) {
      console.log(`not measured in this run: ${GOALS.length - verdicts.length} of ${GOALS.length} goals`);
    }
    for (const name of this.#limited) {
      console.log(`the load generator was the limit (over ${LOAD_LIMIT} of its core): ${name}`);
    }
    return verdicts.filter(({ missed }) => missed);
  }
}

function ratioRow(figure: Figure): string {
  const ours = valuesOf(figure, 'ours');
  const others = [...figure.samples.keys()].filter(
    (peer): peer is Exclude<PeerName, 'ours'> => peer !== 'ours',
  );
  const cells = others.map((peer) => {
    const byClock = ratioOf(valuesOf(figure, 'ours', 'byClock'), valuesOf(figure, peer, 'byClock'));
    const clock = Number.isNaN(byClock.value) ? '' : ` [${byClock.value.toFixed(2)}]`;
    return `${peer} ${shown(ratioOf(ours, valuesOf(figure, peer)))}${clock}`;
  });
  return [figure.name.padEnd(44), `${amount(median(ours))} ${figure.unit}`.padEnd(24), ...cells].join('  ');
}

function goalRow({ goal, ratio, met, missed }: Verdict): string {
  const verdict = met ? 'met' : missed ? 'MISSED' : 'missed within noise';
  const wanted = goal.atLeast === undefined ? `<= ${goal.atMost}` : `>= ${goal.atLeast}`;
  return [
    goal.figure.padEnd(44),
    reference(goal).padEnd(44),
    shown(ratio).padEnd(20),
    wanted.padEnd(14),
    verdict,
  ].join('  ');
}

function reference({ than }: Goal): string {
  if (than === 'absolute') return 'in its own unit';
  return 'peer' in than ? `x ${than.peer}` : `x ${than.figure}`;
}

function shown({ value, noise }: Ratio): string {
  return value >= 1000 ? `${amount(value)} ± ${amount(noise)}` : `${value.toFixed(2)} ± ${noise.toFixed(2)}`;
}

function amount(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString('en') : value.toPrecision(3);
}
