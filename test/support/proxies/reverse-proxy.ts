import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, openSync, readdirSync, readFileSync, rmSync, watch, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { Certificate } from '../core/certificates.js';
import type { ProxyKind } from './proxy-kind.js';

export interface ReverseProxyOptions {
  /** As in the guide: for https://example.com, with 127.0.0.1:1880 and :1881 behind it. */
  readonly configuration: string;
  readonly certificate: Certificate;
  /** The ports that are really behind it, in place of 1880 and 1881. */
  readonly upstreams: readonly number[];
  /** In place of the guide's 60. */
  readonly idleSeconds?: number;
}

/** A real reverse proxy in a process of its own, on a free port. */
export class ReverseProxy {
  readonly port: number;
  readonly #folder: string;
  readonly #process: ChildProcess;

  private constructor(port: number, folder: string, process: ChildProcess) {
    this.port = port;
    this.#folder = folder;
    this.#process = process;
  }

  /** Resolves once it accepts connections; with undefined where it is not installed. */
  static async start(kind: ProxyKind, options: ReverseProxyOptions): Promise<ReverseProxy | undefined> {
    const port = await freePort();
    const folder = mkdtempSync(join(tmpdir(), `${kind.name}-`));
    const file = join(folder, 'configuration');
    const { cert, key } = options.certificate;
    const files = { 'example.com.crt': cert, 'example.com.key': key, 'example.com.pem': cert + key };
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    writeFileSync(file, movedTo(folder, port, options));
    const { args, env } = kind.command({ folder, file, port });
    const output = openSync(join(folder, 'output.log'), 'a');
    const child = spawn(kind.binary, args, {
      env: { ...process.env, PATH: `${process.env.PATH}${delimiter}/usr/sbin`, ...env },
      stdio: ['ignore', output, output],
    });
    try {
      await once(child, 'spawn');
    } catch {
      rmSync(folder, { recursive: true });
      return undefined;
    }
    const kill = () => child.kill();
    process.once('exit', kill);
    child.once('exit', () => process.off('exit', kill));
    const proxy = new ReverseProxy(port, folder, child);
    await proxy.#listening();
    return proxy;
  }

  /** All that it has written so far, to whatever log. */
  get log(): string {
    const names = readdirSync(this.#folder).filter((name) => name.endsWith('.log'));
    return names.map((name) => readFileSync(join(this.#folder, name), 'utf8')).join('');
  }

  /** Resolves once its log has this. */
  async logged(pattern: RegExp): Promise<void> {
    const watcher = watch(this.#folder);
    try {
      while (!pattern.test(this.log)) await once(watcher, 'change');
    } finally {
      watcher.close();
    }
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode === null && this.#process.signalCode === null) {
      this.#process.kill();
      await once(this.#process, 'exit');
    }
    rmSync(this.#folder, { recursive: true });
  }

  /** They have no common way to say so. */
  async #listening(): Promise<void> {
    while (!(await accepts(this.port))) {
      if (this.#process.exitCode !== null) throw new Error(`it has stopped:\n${this.log}`);
      await setImmediate();
    }
  }
}

/** The guide's configuration, with the ports and files of this machine. */
function movedTo(folder: string, port: number, options: ReverseProxyOptions): string {
  const [one, two] = options.upstreams;
  return options.configuration
    .replaceAll('/var/log/nginx', folder)
    .replaceAll('/etc/ssl', folder)
    .replaceAll(/\b443\b/g, String(port))
    .replaceAll(/\b1880\b/g, String(one))
    .replaceAll(/\b1881\b/g, String(two))
    .replaceAll(/\b60(?=s?$|s?;)/gm, String(options.idleSeconds ?? 60));
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

/** They cannot be told to choose one themselves. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
