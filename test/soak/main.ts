import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { SECRET } from '../support/core/tokens.js';
import { type Figures, WatchedNodeRed } from '../support/package/watched-node-red.js';
import { Churn } from './churn.js';
import { slopeOf } from './slope.js';

const KIB = 1024;
const MIB = KIB * KIB;

/** Nobody comes for so long before figures are taken: Node-RED has a timer of 5 s for every upgrade. */
const REST_MS = 6000;
const CHURN_MS = 60_000 - REST_MS;

/** Minutes in which caches fill up and code is compiled; their figures are not judged. */
const WARM_UP = 2;

/** What a figure may surely grow by in a minute. A hundred bytes kept of every connection would be ten times the first. */
const ALLOWED = { heapBytes: 32 * KIB, rssBytes: 512 * KIB, handles: 0.05 };

const FLOWS = [
  { id: 'tab', type: 'tab', label: 'Soak' },
  { id: 'listener', type: 'websocket-plus-listener', path: '/soak' },
  { id: 'in', z: 'tab', x: 1, y: 1, type: 'websocket-plus in', server: 'listener', wires: [['pass']] },
  { id: 'pass', z: 'tab', x: 1, y: 1, type: 'function', func: 'return msg;', outputs: 1, wires: [['out']] },
  { id: 'out', z: 'tab', x: 1, y: 1, type: 'websocket-plus out', server: 'listener', wires: [] },
];

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { minutes: { type: 'string', default: '20' } } });
  const minutes = Number(values.minutes);
  if (!Number.isSafeInteger(minutes) || minutes < 1) throw new Error('--minutes is to be a positive integer');
  const nodeRed = await WatchedNodeRed.start({
    flows: FLOWS,
    credentials: { listener: { jwtSecret: SECRET } },
  });
  try {
    const churn = new Churn(nodeRed.origin);
    const taken: Figures[] = [];
    console.log('minute  connections  refused  messages  heap MiB  RSS MiB  handles  sockets  timers');
    for (let minute = 1; minute <= minutes; minute += 1) {
      await churn.run(CHURN_MS);
      await wait(REST_MS);
      const figures = await nodeRed.figures();
      taken.push(figures);
      const { connections, refused, messages } = churn.churned;
      const { heapBytes, rssBytes, handles, sockets, timers } = figures;
      const row = [
        minute,
        connections,
        refused,
        messages,
        mib(heapBytes),
        mib(rssBytes),
        handles,
        sockets,
        timers,
      ];
      console.log(row.map((value, i) => String(value).padStart(WIDTHS[i] ?? 0)).join('  '));
    }
    judge(taken.slice(WARM_UP));
  } finally {
    await nodeRed.stop();
  }
}

const WIDTHS = [6, 11, 7, 8, 8, 7, 7, 7, 6];

/**
 * A figure leaks when the slope of its line of least squares is surely (one-sided, 97.5 %) more than allowed.
 * Surely, because one garbage collection differs from another.
 */
function judge(taken: readonly Figures[]): void {
  if (taken.length < 3) {
    console.log(`too short for a verdict: it takes ${WARM_UP} minutes to warm up and three to judge`);
    return;
  }
  for (const [name, unit, unitName] of [
    ['heapBytes', KIB, 'KiB'],
    ['rssBytes', KIB, 'KiB'],
    ['handles', 1, ''],
  ] as const) {
    const { perStep, atLeast } = slopeOf(taken.map((figures) => figures[name]));
    const kept = atLeast <= ALLOWED[name];
    const [slope, least, allowed] = [perStep, atLeast, ALLOWED[name]].map((value) =>
      (value / unit).toFixed(2),
    );
    console.log(
      `${kept ? 'ok  ' : 'FAIL'} ${name}: ${slope} ${unitName} a minute, surely at least ${least}, allowed ${allowed}`,
    );
    if (!kept) process.exitCode = 1;
  }
}

function mib(bytes: number): string {
  return (bytes / MIB).toFixed(2);
}

void main();
