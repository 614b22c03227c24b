import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { freePort } from './mosquitto.js';

const ENVIRONMENT = { ...process.env, PATH: `${process.env.PATH}${delimiter}/usr/sbin` };

/** Whether it is installed. */
export function hasHaproxy(): boolean {
  return spawnSync('haproxy', ['-v'], { env: ENVIRONMENT }).error === undefined;
}

/** Tells a client which server it was handed to: `s0`, `s1` and so on. */
export const SERVER_HEADER = 'x-server';

/** A real HAProxy that hands connections to servers in turn, or as it is told, and to none that does not answer. */
export class Haproxy {
  readonly port: number;
  readonly #folder: string;
  readonly #process: ChildProcess;

  private constructor(port: number, folder: string, process: ChildProcess) {
    this.port = port;
    this.#folder = folder;
    this.#process = process;
  }

  /** @param balance whose turn it is, in the words of its configuration */
  static async start(servers: readonly number[], balance = 'roundrobin'): Promise<Haproxy> {
    const port = await freePort();
    const folder = mkdtempSync(join(tmpdir(), 'haproxy-'));
    const file = join(folder, 'haproxy.cfg');
    writeFileSync(
      file,
      [
        'defaults',
        '  mode http',
        '  timeout connect 1s',
        '  timeout client 60s',
        '  timeout server 60s',
        '  timeout tunnel 1h', // of peers who have nothing to say
        '  retries 3',
        '  option redispatch 1',
        'frontend public',
        `  bind 127.0.0.1:${port}`,
        '  default_backend node_red',
        'backend node_red',
        `  balance ${balance}`,
        `  http-response set-header ${SERVER_HEADER} %s`,
        '  default-server check inter 100ms fastinter 50ms rise 1 fall 1',
        ...servers.map((server, index) => `  server s${index} 127.0.0.1:${server}`),
        '',
      ].join('\n'),
    );
    const child = spawn('haproxy', ['-db', '-q', '-f', file], { env: ENVIRONMENT, stdio: 'ignore' });
    const kill = () => child.kill('SIGKILL');
    process.once('exit', kill);
    child.once('exit', () => process.off('exit', kill));
    while (!(await accepts(port))) {
      if (child.exitCode !== null) throw new Error('haproxy has stopped');
      await setImmediate();
    }
    return new Haproxy(port, folder, child);
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode === null && this.#process.signalCode === null) {
      this.#process.kill('SIGKILL');
      await once(this.#process, 'exit');
    }
    rmSync(this.#folder, { recursive: true });
  }
}

async function accepts(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
