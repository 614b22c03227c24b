import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Debian's tinyproxy, for a second opinion on what a proxy is. */
export class Tinyproxy {
  readonly port: number;
  /** What it wrote. */
  log = '';
  readonly #folder: string;
  readonly #process: ChildProcess;

  private constructor(port: number, folder: string, process: ChildProcess) {
    this.port = port;
    this.#folder = folder;
    this.#process = process;
    process.stdout?.on('data', (chunk: Buffer) => {
      this.log += chunk.toString();
    });
  }

  /** Starts one that asks for these credentials; undefined where it is not installed. */
  static async start(user: string, password: string): Promise<Tinyproxy | undefined> {
    const port = await freePort();
    const folder = mkdtempSync(join(tmpdir(), 'tinyproxy-'));
    const file = join(folder, 'tinyproxy.conf');
    writeFileSync(
      file,
      `Port ${port}\nListen 127.0.0.1\nAllow 127.0.0.1\nMaxClients 10\nTimeout 60\nLogLevel Info\nBasicAuth ${user} ${password}\n`,
    );
    const process = spawn('tinyproxy', ['-d', '-c', file], { stdio: ['ignore', 'pipe', 'ignore'] });
    const proxy = new Tinyproxy(port, folder, process);
    try {
      await once(process, 'spawn');
    } catch {
      rmSync(folder, { recursive: true });
      return undefined;
    }
    await proxy.logged('Accepting connections');
    return proxy;
  }

  /** Resolves once it has written this. */
  async logged(text: string): Promise<void> {
    while (!this.log.includes(text)) await once(this.#process.stdout ?? this.#process, 'data');
  }

  async stop(): Promise<void> {
    this.#process.kill();
    if (this.#process.exitCode === null) await once(this.#process, 'exit');
    rmSync(this.#folder, { recursive: true });
  }
}

/** It cannot be told to choose one itself. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
