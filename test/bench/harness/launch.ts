import { spawn, spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { type Methods, Remote } from './rpc.js';

/** Whether server and load can have a core each. */
export const pinned =
  availableParallelism() > 1 && spawnSync('taskset', ['-c', '0,1', 'true'], { stdio: 'ignore' }).status === 0;

/** The server's core is 0, all else has core 1: what they share, they would share in every figure differently. */
export type Core = 0 | 1;

/**
 * Starts a script of the bench as a process on a core of its own, where the system can do that.
 * @param script path below test/bench, without its ending
 */
export function launch<S extends Methods<S>>(script: string, core: Core): Remote<S> {
  const command = ['--expose-gc', join(__dirname, '..', `${script}.js`)];
  const [file, ...rest] = pinned
    ? (['taskset', '-c', String(core), process.execPath, ...command] as const)
    : ([process.execPath, ...command] as const);
  // stdout carries the figures: what a child has to say goes to stderr
  const child = spawn(file, rest, { stdio: ['ignore', process.stderr, process.stderr, 'ipc'] });
  return new Remote<S>(child);
}

/** The limit on open files of this process, which its children inherit; Node raises the soft limit to the hard one. */
export function openFilesLimit(): number {
  const report = process.report?.getReport() as { userLimits?: { open_files?: { soft?: number | string } } };
  const limit = Number(report.userLimits?.open_files?.soft);
  return Number.isFinite(limit) ? limit : Number.POSITIVE_INFINITY;
}
