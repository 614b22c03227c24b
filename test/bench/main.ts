import { mkdirSync } from 'node:fs';
import { Bench } from './harness/bench.js';
import { KeyRing } from './harness/key-material.js';
import { openFilesLimit, pinned } from './harness/launch.js';
import { Reporter } from './harness/reporter.js';
import { type Options, parseOptions, USAGE } from './options.js';
import { echoSuite } from './suites/echo.js';
import { fanOutSuite } from './suites/fan-out.js';
import { handshakeSuite } from './suites/handshake.js';
import { memorySuite } from './suites/memory.js';
import { slowPeerSuite } from './suites/slow-peer.js';
import { tenantSuite } from './suites/tenant.js';

const SUITES: Readonly<Record<string, (bench: Bench) => Promise<void>>> = {
  echo: echoSuite,
  handshake: handshakeSuite,
  'fan-out': fanOutSuite,
  tenant: tenantSuite,
  'slow-peer': slowPeerSuite,
  memory: memorySuite,
};

/** 10,000 connections, and what a process opens besides. */
const OPEN_FILES = 10_500;

async function main(options: Options): Promise<number> {
  const names = options.suites ?? Object.keys(SUITES);
  const unknown = names.filter((name) => !Object.hasOwn(SUITES, name));
  if (unknown.length > 0) throw new TypeError(`no such suite: ${unknown.join(', ')}`);
  const reporter = new Reporter();
  if (!pinned) reporter.note('no taskset, or one core: server and load generator share cores');
  if (openFilesLimit() < OPEN_FILES) {
    reporter.note(
      `only ${openFilesLimit()} open files: raise the limit (ulimit -n ${OPEN_FILES}) for all figures`,
    );
  }
  if (options.profile !== undefined) mkdirSync(options.profile, { recursive: true });
  const keys = await KeyRing.create();
  try {
    const bench = new Bench(options, keys, reporter);
    for (const name of names) await SUITES[name]?.(bench);
  } finally {
    await keys.stop();
  }
  const missed = reporter.summary();
  return options.goals && missed.length > 0 ? 1 : 0;
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
