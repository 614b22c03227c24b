import { clusterFindings } from './cluster/findings.js';
import { drill, type Outcome } from './drill.js';
import { drillOptions } from './options.js';
import { type Finding, none, unchanged } from './verdict.js';

type Say = (line: string) => void;

/** What is promised of one Node-RED. */
function findings({ before, after, ...counted }: Outcome, say: Say): readonly Finding[] {
  say(`${counted.delivered} messages delivered`);
  for (const surprise of counted.surprises.slice(0, 10)) say(surprise);
  return [
    none('delivered to a wrong tenant', counted.wrongTenant),
    none('lost on connections that were not cut', counted.lost),
    none('delivered twice', counted.twice),
    none('connections that ended though nobody cut them', counted.endedByThemselves),
    none('answers that were not as expected', counted.surprises.length),
    none('comings and goings that a flow was not told of', counted.untold),
    none('events told twice or out of order', counted.mistold),
    none('exits of the runtime', counted.exits),
    ...unchanged(before, after),
  ];
}

async function main(): Promise<void> {
  const options = drillOptions(process.argv.slice(2));
  const say = (line: string) => console.log(`  ${line}`);
  console.log(`${options.connections} connections in ${options.tenants} tenants`);
  const found = options.isOfCluster
    ? await clusterFindings(options, say)
    : findings(await drill(options, say), say);
  for (const [promise, figure, kept] of found) {
    console.log(`${kept ? 'ok  ' : 'FAIL'} ${promise}: ${figure}`);
    if (!kept) process.exitCode = 1;
  }
}

void main();
