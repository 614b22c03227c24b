import { mkdirSync } from 'node:fs';
import { Bench } from './harness/bench.js';
import { KeyRing } from './harness/key-material.js';
import { openFilesLimit, pinned } from './harness/launch.js';
import { nodeBinary } from './harness/node-binary.js';
import { Reporter } from './harness/reporter.js';
import { FULL_RUNS, type Options, parseOptions, SUITES, type SuiteName, USAGE } from './options.js';
import { clusterSuite } from './suites/cluster.js';
import { echoSuite } from './suites/echo.js';
import { fanOutSuite } from './suites/fan-out.js';
import { handshakeSuite } from './suites/handshake.js';
import { memorySuite } from './suites/memory.js';
import { operatedSuite } from './suites/operated.js';
import { slowPeerSuite } from './suites/slow-peer.js';
import { tenantSuite } from './suites/tenant.js';

const RUN: Readonly<Record<SuiteName, (bench: Bench) => Promise<void>>> = {
  echo: echoSuite,
  operated: operatedSuite,
  handshake: handshakeSuite,
  'fan-out': fanOutSuite,
  tenant: tenantSuite,
  'slow-peer': slowPeerSuite,
  memory: memorySuite,
  cluster: clusterSuite,
};

/** 10,000 connections, and what a process opens besides. */
const OPEN_FILES = 10_500;

async function main(options: Options): Promise<number> {
  const { plan, profile, goals, suites } = options;
  const node = nodeBinary(options.node ?? process.execPath);
  const reporter = new Reporter(options.json);
  console.log(`Node.js ${node.version}, ${plan.runs} x ${plan.ms} ms`);
  if (!pinned) reporter.note('no taskset, or one core: server and load generator share cores');
  if (openFilesLimit() < OPEN_FILES) {
    reporter.note(
      `only ${openFilesLimit()} open files: raise the limit (ulimit -n ${OPEN_FILES}) for all figures`,
    );
  }
  if (plan.runs < FULL_RUNS) {
    reporter.note(`fewer than ${FULL_RUNS} runs say little of the modes`);
  }
  const leftOut = SUITES.filter((name) => !suites.includes(name));
  if (leftOut.length > 0) reporter.note(`suites that are left out: ${leftOut.join(', ')}`);
  if (profile !== undefined) mkdirSync(profile, { recursive: true });
  const keys = await KeyRing.create();
  try {
    const bench = new Bench({ ...options, node: node.path }, keys, reporter);
    for (const name of suites) await RUN[name](bench);
  } finally {
    await keys.stop();
  }
  const met = reporter.summary();
  return goals && !met ? 1 : 0;
}

async function run(): Promise<number> {
  try {
    return await main(parseOptions(process.argv.slice(2)));
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    console.error(`${error.message}\n${USAGE}`);
    return 2;
  }
}

run().then((code) => process.exit(code));
