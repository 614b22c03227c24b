import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { BrokerSettings } from '../../../src/cluster/mqtt-transport.js';

const ENVIRONMENT = { ...process.env, PATH: `${process.env.PATH}${delimiter}/usr/sbin` };

/** Whether it is installed. */
export function hasMosquitto(): boolean {
  return spawnSync('mosquitto', ['-h'], { env: ENVIRONMENT }).error === undefined;
}

/** Skips a suite where it is not installed, and says so. */
export function needsMosquitto(): void {
  before(function () {
    if (hasMosquitto()) return;
    console.log('    skipped: mosquitto is not installed');
    this.skip();
  });
}

/** A real Mosquitto in a process of its own, which keeps its port. */
export class Mosquitto {
  readonly port: number;
  readonly #folder = mkdtempSync(join(tmpdir(), 'mosquitto-'));
  #configuration: string;
  #process: ChildProcess | undefined;

  private constructor(port: number, lines: readonly string[]) {
    this.port = port;
    this.#configuration = [`listener ${port} 127.0.0.1`, 'allow_anonymous true', ...lines].join('\n');
  }

  /** @param lines of its configuration file, after those that make it listen */
  static async start(lines: readonly string[] = [], port?: number): Promise<Mosquitto> {
    const mosquitto = new Mosquitto(port ?? (await freePort()), lines);
    await mosquitto.restart();
    return mosquitto;
  }

  /** Of its process, from one `restart` to the next. @throws Error where there is none */
  get pid(): number {
    const pid = this.#process?.pid;
    if (pid === undefined) throw new Error('mosquitto does not run');
    return pid;
  }

  /** @param protocolVersion of MQTT: 4 is 3.1.1 */
  settings(protocolVersion: 4 | 5 = 5): BrokerSettings {
    return { url: `mqtt://127.0.0.1:${this.port}`, options: { protocolVersion } };
  }

  /** Writes a file beside its configuration. @returns its path */
  file(name: string, text: string): string {
    const path = join(this.#folder, name);
    writeFileSync(path, text, { mode: 0o644 });
    return path;
  }

  /** Ends it as a crash does. */
  async kill(): Promise<void> {
    const running = this.#process;
    this.#process = undefined;
    if (running === undefined || running.exitCode !== null || running.signalCode !== null) return;
    running.kill('SIGKILL');
    await once(running, 'exit');
  }

  /** Resolves once it accepts connections. @param lines more of its configuration, from now on */
  async restart(lines: readonly string[] = []): Promise<void> {
    await this.kill();
    this.#configuration = [this.#configuration, ...lines].join('\n');
    const file = this.file('mosquitto.conf', `user root\n${this.#configuration}\n`);
    const child = spawn('mosquitto', ['-c', file], { env: ENVIRONMENT, stdio: ['ignore', 'ignore', 'pipe'] });
    let output = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
    this.#process = child;
    const kill = () => child.kill('SIGKILL');
    process.once('exit', kill);
    child.once('exit', () => process.off('exit', kill));
    while (!(await accepts(this.port))) {
      if (child.exitCode !== null) throw new Error(`mosquitto has stopped:\n${output}`);
      await setImmediate();
    }
  }

  async stop(): Promise<void> {
    await this.kill();
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

/** A port that is free now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
