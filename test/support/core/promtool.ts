import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';

/** What promtool said, and whether it was content. */
export interface Verdict {
  readonly code: number | null;
  readonly output: string;
}

/**
 * Runs Prometheus' own tool.
 * @param input what it reads
 * @returns undefined where it is not installed
 */
export async function promtool(args: readonly string[], input = ''): Promise<Verdict | undefined> {
  const tool = spawn('promtool', args, { stdio: ['pipe', 'pipe', 'pipe'] });
  tool.stdin.on('error', () => {}); // it may not read all of it
  tool.stdin.end(input);
  const output = Promise.all([text(tool.stdout), text(tool.stderr)]);
  try {
    const [code] = (await once(tool, 'close')) as [number | null];
    return { code, output: (await output).join('') };
  } catch {
    return undefined; // ENOENT
  }
}
