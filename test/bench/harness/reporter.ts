import { appendFileSync, writeFileSync } from 'node:fs';
import { type Figure, LOAD_LIMIT, limitedByLoad } from './figure.js';
import { GOALS } from './goals.js';
import { jsonLines } from './json-lines.js';
import { HEAD, LEGEND, rowsOf } from './table.js';
import { judge, judgePromotion, type Verdict } from './verdict.js';

/** Prints a row or more for each figure as it comes, and at the end which goals were missed. */
export class Reporter {
  readonly #figures = new Map<string, Figure>();
  readonly #json: string | undefined;

  /** @param json a file for every sample */
  constructor(json: string | undefined) {
    this.#json = json;
    if (json !== undefined) writeFileSync(json, '');
  }

  figure(figure: Figure): void {
    if (this.#figures.size === 0) console.log(`${LEGEND}\n\n${HEAD}`);
    this.#figures.set(figure.name, figure);
    console.log(rowsOf(figure, this.#figures).join('\n'));
    if (this.#json !== undefined) appendFileSync(this.#json, jsonLines(figure));
  }

  /** Something that a reader of the figures must know. */
  note(text: string): void {
    console.error(`# ${text}`);
  }

  /** A sign of life for who watches. */
  progress(text: string): void {
    if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}\r`);
  }

  /** Whether every goal that this call could judge was met in every run. */
  summary(): boolean {
    const figures = [...this.#figures.values()];
    const ofGoals = GOALS.flatMap((goal) => {
      const verdict = judge(goal, this.#figures);
      return verdict === undefined ? [] : [[goal.figure, verdict] as const];
    });
    const ofModes = figures.flatMap((figure) => {
      const verdict = judgePromotion(figure);
      return verdict === undefined ? [] : [[figure.name, verdict] as const];
    });
    const missed = [...ofGoals, ...ofModes].filter(([, verdict]) => verdict.missed > 0);
    console.log(`\n${missed.length} of ${ofGoals.length + ofModes.length} goals missed`);
    for (const [name, verdict] of missed) console.log(missedLine(name, verdict));
    const unknown = GOALS.length - ofGoals.length;
    if (unknown > 0)
      console.log(`not measured: ${unknown} of the ${GOALS.length} goals for what things cost`);
    for (const figure of figures) {
      for (const peer of [...figure.samples.keys()].filter((name) => limitedByLoad(figure, name))) {
        console.log(
          `the load generator was the limit (over ${LOAD_LIMIT} of its core): ${figure.name}, ${peer}`,
        );
      }
    }
    return missed.length === 0;
  }
}

function missedLine(name: string, { wanted, runs, missed }: Verdict): string {
  return `  ${name.padEnd(44)}  ${wanted.padEnd(28)}  missed in ${missed} of ${runs} runs`;
}
