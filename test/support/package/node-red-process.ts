import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';
import { ROOT } from './this-package.js';

/** A node of a flow file. */
export interface FlowNode {
  readonly id: string;
  readonly type: string;
  readonly [property: string]: unknown;
}

/** Which Node-RED, on which Node.js. */
export interface NodeRedVersion {
  /** The folder of the npm package `node-red`. */
  readonly home: string;
  /** The Node.js binary. */
  readonly node: string;
  readonly version: string;
}

/** The Node-RED under test: the one at hand, or what the two variables name. */
export function nodeRedUnderTest(): NodeRedVersion {
  const { NODE_RED_UNDER_TEST, NODE_UNDER_TEST } = process.env;
  const atHand = nodeRedAtHand();
  return nodeRedAt(NODE_RED_UNDER_TEST ?? atHand.home, NODE_UNDER_TEST ?? atHand.node);
}

/** The devDependency, on this Node.js. */
export function nodeRedAtHand(): NodeRedVersion {
  return nodeRedAt(dirname(createRequire(__filename).resolve('node-red/package.json')), process.execPath);
}

/** Node-RED 5 on Node.js 22, where `npm run test:node-red-5` has left them. */
export function nodeRed5AtHand(): NodeRedVersion | undefined {
  const modules = join(ROOT, '.cache', 'node-red-5', 'node_modules');
  const home = join(modules, 'node-red');
  const node = join(modules, 'node', 'bin', 'node');
  return existsSync(home) && existsSync(node) ? nodeRedAt(home, node) : undefined;
}

function nodeRedAt(home: string, node: string): NodeRedVersion {
  const { version } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8')) as { version: string };
  return { home, node, version };
}

const READY = /Server now running at (https?:\/\/[\d.]+:\d+)/;
const STARTED = /Started flows/;

/** A real Node-RED in a process of its own, on a free port of 127.0.0.1. */
export class NodeRedProcess {
  readonly #child: ChildProcess;
  readonly #lookers = new Set<() => void>();
  #url = '';
  #log = '';

  private constructor(child: ChildProcess) {
    this.#child = child;
    child.on('error', (error) => {
      this.#log += error.message; // 'close' follows
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.#log += text;
        for (const look of this.#lookers) look();
      });
    }
  }

  /** Resolves once Node-RED serves and its flows have started. */
  static async start(
    { home, node }: NodeRedVersion,
    settingsFile: string,
    userDir: string,
  ): Promise<NodeRedProcess> {
    const path = `${dirname(node)}${delimiter}${process.env.PATH ?? ''}`; // npm is to run on the same Node.js
    const child = spawn(node, [join(home, 'red.js'), '--settings', settingsFile, '--userDir', userDir], {
      env: { ...process.env, PATH: path },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const kill = () => child.kill('SIGKILL');
    process.once('exit', kill);
    child.once('exit', () => process.off('exit', kill));

    const nodeRed = new NodeRedProcess(child);
    const [ready] = await Promise.all([nodeRed.logged(READY), nodeRed.logged(STARTED)]);
    nodeRed.#url = ready[1] ?? '';
    return nodeRed;
  }

  /** `http://127.0.0.1:<port>`, or `https:` where its settings say so; without a slash. */
  get url(): string {
    return this.#url;
  }

  /** All that Node-RED has written so far. */
  get log(): string {
    return this.#log;
  }

  /** Resolves when Node-RED writes what `pattern` finds, at or after `from`; rejects when it stops before. */
  logged(pattern: RegExp, from = 0): Promise<RegExpExecArray> {
    return new Promise((resolve, reject) => {
      const stopped = () => {
        this.#lookers.delete(look);
        reject(new Error(`Node-RED has stopped. Its log:\n${this.#log}`));
      };
      const look = () => {
        const found = pattern.exec(this.#log.slice(from));
        if (found === null) return;
        this.#lookers.delete(look);
        this.#child.off('close', stopped);
        resolve(found);
      };
      this.#lookers.add(look);
      this.#child.once('close', stopped);
      look();
    });
  }

  request(path: string, init?: RequestInit): Promise<Response> {
    return fetch(this.#url + path, init);
  }

  /** @throws Error where Node-RED does not answer 200 */
  async json(
    path: string,
    init: RequestInit = { headers: { accept: 'application/json' } },
  ): Promise<unknown> {
    const response = await this.request(path, init);
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return response.json();
  }

  /** What a page does: a POST with JSON. */
  post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
    const type = { 'content-type': 'application/json' };
    return this.request(path, {
      method: 'POST',
      headers: { ...type, ...headers },
      body: JSON.stringify(body),
    });
  }

  /** A full deploy of `flows`, as the editor's; resolves when they have started. */
  async deploy(flows: readonly FlowNode[]): Promise<void> {
    const before = this.#log.length;
    const response = await this.post('/flows', flows, { 'node-red-deployment-type': 'full' });
    if (response.status !== 204) throw new Error(`deploy: ${response.status} ${await response.text()}`);
    await this.logged(STARTED, before);
  }

  /** Stops the process where it is, or lets it go on. */
  freeze(isFrozen: boolean): void {
    this.#child.kill(isFrozen ? 'SIGSTOP' : 'SIGCONT');
  }

  /** Ends the process as a crash does. */
  async kill(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exited = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await exited;
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exited = once(this.#child, 'exit');
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), 10_000);
    this.#child.kill('SIGTERM');
    await exited;
    clearTimeout(timer);
  }
}
