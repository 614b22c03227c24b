import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createClient } from 'redis';
import { freePort } from '../../support/cluster/mosquitto.js';

/** Whether it is installed. */
export function hasRedis(): boolean {
  return spawnSync('redis-server', ['--version'], { stdio: 'ignore' }).error === undefined;
}

/** A real Redis in a process of its own, which keeps nothing. */
export class RedisServer {
  readonly port: number;
  readonly pid: number;
  readonly #process: ChildProcess;

  private constructor(port: number, process: ChildProcess, pid: number) {
    this.port = port;
    this.#process = process;
    this.pid = pid;
  }

  /** Resolves once it answers. @throws Error where it is not installed */
  static async start(): Promise<RedisServer> {
    if (!hasRedis()) throw new Error('redis-server is not installed');
    const port = await freePort();
    const settings = { port, bind: '127.0.0.1', save: '', appendonly: 'no', loglevel: 'warning' };
    const words = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]);
    const child = spawn('redis-server', words, { stdio: 'ignore' });
    await once(child, 'spawn');
    const kill = () => child.kill('SIGKILL');
    process.once('exit', kill);
    child.once('exit', () => process.off('exit', kill));
    const client = createClient({ url: `redis://127.0.0.1:${port}` });
    client.on('error', () => {}); // it comes back until there is an answer
    const ended = once(child, 'exit').then(() => {
      throw new Error('redis-server has stopped');
    });
    ended.catch(() => {}); // later it may
    try {
      await Promise.race([client.connect(), ended]);
    } finally {
      client.destroy();
    }
    return new RedisServer(port, child, child.pid ?? 0);
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    this.#process.kill('SIGKILL');
    await once(this.#process, 'exit');
  }
}
