import { type ChildProcessByStdio, execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { meter, type Usage } from '../harness/meter.js';
import { serve } from '../harness/rpc.js';
import { WEB_SOCKET_KEY } from '../load/login.js';
import type { PeerService } from './peer-spec.js';

/** dist/test/bench/peers, seen from the source. */
const SOURCE = join(__dirname, '..', '..', '..', '..', 'test', 'bench', 'peers', 'floor.c');

/** RFC 6455 §1.3. */
const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const BYTES = 1024;

let floor: ChildProcessByStdio<Writable, Readable, null> | undefined;

/** Compiles the floor and starts it, on the core of this process. @throws Error where there is no C compiler */
async function start(): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'websocket-plus-bench-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  const program = join(folder, 'floor');
  execFileSync('cc', ['-O2', '-o', program, SOURCE]);
  const accept = createHash('sha1')
    .update(WEB_SOCKET_KEY + GUID)
    .digest('base64');
  const child = spawn(program, [accept, String(BYTES)], { stdio: ['pipe', 'pipe', 'inherit'] });
  floor = child;
  return line(child.stdout);
}

/** The CPU time of the C program: it tells when it is asked. */
async function usage(): Promise<Usage> {
  if (floor === undefined) throw new Error('not started');
  floor.stdin.write('?');
  return { cpuMicros: await line(floor.stdout), atMs: performance.now() };
}

async function line(stream: Readable): Promise<number> {
  const [text] = await once(stream, 'data');
  return Number(text);
}

serve<PeerService>({ ...meter, usage, start });
