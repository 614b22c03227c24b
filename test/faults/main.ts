import { drill, type Outcome } from './drill.js';
import { drillOptions } from './options.js';

/** How much the heap may have grown: caches fill up, code is compiled. What leaks grows with what was connected. */
const HEAP_GROWTH_BYTES = 8 * 1024 * 1024;

const MIB = 1024 * 1024;

/** What is promised, and whether it was kept. */
function verdict({
  before,
  after,
  ...counted
}: Outcome): readonly [promise: string, figure: string, kept: boolean][] {
  const same = (name: string, then: number, now: number): [string, string, boolean] => [
    `${name} back at the start`,
    `${then} -> ${now}`,
    now === then,
  ];
  const none = (name: string, count: number): [string, string, boolean] => [name, String(count), count === 0];
  const grown = after.heapBytes - before.heapBytes;
  return [
    none('delivered to a wrong tenant', counted.wrongTenant),
    none('lost on connections that were not cut', counted.lost),
    none('delivered twice', counted.twice),
    none('connections that ended though nobody cut them', counted.endedByThemselves),
    none('answers that were not as expected', counted.surprises.length),
    none('comings and goings that a flow was not told of', counted.untold),
    none('events told twice or out of order', counted.mistold),
    none('exits of the runtime', counted.exits),
    same('sockets', before.sockets, after.sockets),
    same('timers', before.timers, after.timers),
    same('upgrade listeners', before.upgradeListeners, after.upgradeListeners),
    [
      `heap back at the start (at most ${HEAP_GROWTH_BYTES / MIB} MiB more)`,
      `${(before.heapBytes / MIB).toFixed(1)} -> ${(after.heapBytes / MIB).toFixed(1)} MiB`,
      grown <= HEAP_GROWTH_BYTES,
    ],
  ];
}

async function main(): Promise<void> {
  const options = drillOptions(process.argv.slice(2));
  console.log(`${options.connections} connections in ${options.tenants} tenants`);
  const outcome = await drill(options, (line) => console.log(`  ${line}`));
  console.log(`${outcome.delivered} messages delivered`);
  for (const surprise of outcome.surprises.slice(0, 10)) console.log(`  ${surprise}`);
  for (const [promise, figure, kept] of verdict(outcome)) {
    console.log(`${kept ? 'ok  ' : 'FAIL'} ${promise}: ${figure}`);
    if (!kept) process.exitCode = 1;
  }
}

void main();
