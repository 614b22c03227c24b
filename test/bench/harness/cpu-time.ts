import { readdirSync, readFileSync } from 'node:fs';

/**
 * CPU time that all threads of another process have had, in microseconds.
 * @throws Error where the system is not Linux, or the process has ended
 */
export function cpuMicrosOf(pid: number): number {
  const threads = `/proc/${pid}/task`;
  const nanoseconds = readdirSync(threads).map((thread) =>
    Number(readFileSync(`${threads}/${thread}/schedstat`, 'utf8').split(' ')[0]),
  );
  return nanoseconds.reduce((sum, value) => sum + value, 0) / 1000;
}
