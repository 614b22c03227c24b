import { spawn, spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { type GcTrace, TRACE_FLAG } from './gc-trace.js';
import { type Methods, Remote } from './rpc.js';

/** Whether server and load can have a core each. */
export const pinned =
  availableParallelism() > 1 && spawnSync('taskset', ['-c', '0,1', 'true'], { stdio: 'ignore' }).status === 0;

/** The server's core is 0, all else has core 1: what they share, they would share in every figure differently. */
export type Core = 0 | 1;

export interface Launch {
  /** Absent: whichever is free. */
  readonly core?: Core;
  /** The binary of Node.js; default: this process's. */
  readonly node?: string | undefined;
  /** Gets the collections of the process. */
  readonly trace?: GcTrace;
}

/**
 * Starts a script of the bench as a process, on a core of its own where the system can do that.
 * @param script path below test/bench, without its ending
 */
export function launch<S extends Methods<S>>(script: string, { core, node, trace }: Launch): Remote<S> {
  const flags = trace === undefined ? ['--expose-gc'] : ['--expose-gc', TRACE_FLAG];
  const command = [node ?? process.execPath, ...flags, join(__dirname, '..', `${script}.js`)];
  const [file = '', ...rest] =
    pinned && core !== undefined ? ['taskset', '-c', String(core), ...command] : command;
  // stdout carries the figures: what a child has to say goes to stderr
  const stdout = trace === undefined ? process.stderr : 'pipe';
  const child = spawn(file, rest, { stdio: ['ignore', stdout, process.stderr, 'ipc'] });
  if (child.stdout !== null) trace?.read(child.stdout);
  return new Remote<S>(child);
}

/** The limit on open files of this process, which its children inherit; Node raises the soft limit to the hard one. */
export function openFilesLimit(): number {
  const report = process.report?.getReport() as { userLimits?: { open_files?: { soft?: number | string } } };
  const limit = Number(report.userLimits?.open_files?.soft);
  return Number.isFinite(limit) ? limit : Number.POSITIVE_INFINITY;
}
