import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type FlowNode, NodeRedProcess, type NodeRedVersion, nodeRedUnderTest } from './node-red-process.js';
import { PACKAGE, ROOT } from './this-package.js';

/** What a Node-RED process holds, after a garbage collection; memory in bytes. */
export interface Figures {
  readonly heapBytes: number;
  readonly rssBytes: number;
  readonly sockets: number;
  readonly timers: number;
  /** All that keeps the process alive. */
  readonly handles: number;
  readonly upgradeListeners: number;
}

export interface WatchedOptions {
  readonly flows: readonly FlowNode[];
  readonly credentials: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Absent: the one under test. */
  readonly version?: NodeRedVersion;
}

/** A real Node-RED with this package, which tells what it holds. */
export class WatchedNodeRed {
  readonly #start: () => Promise<NodeRedProcess>;
  readonly #userDir: string;
  readonly #ended = new WeakSet<NodeRedProcess>();
  #process: NodeRedProcess;
  #exits = 0;

  private constructor(process: NodeRedProcess, userDir: string, start: () => Promise<NodeRedProcess>) {
    this.#process = process;
    this.#userDir = userDir;
    this.#start = start;
    this.#watch();
  }

  static async start({
    flows,
    credentials,
    settings = {},
    version = nodeRedUnderTest(),
  }: WatchedOptions): Promise<WatchedNodeRed> {
    const userDir = await mkdtemp(join(tmpdir(), 'websocket-plus-'));
    const linked = join(userDir, 'node_modules', PACKAGE);
    await mkdir(dirname(linked), { recursive: true });
    await symlink(ROOT, linked);
    const settingsFile = join(userDir, 'settings.js');
    const files = {
      'package.json': JSON.stringify({ name: 'watched', version: '0.0.1', dependencies: { [PACKAGE]: '*' } }),
      'flows.json': JSON.stringify(flows),
      'flows_cred.json': JSON.stringify(credentials),
      'settings.js': settingsScript(settings),
    };
    for (const [name, content] of Object.entries(files)) await writeFile(join(userDir, name), content);
    const start = () => NodeRedProcess.start(version, settingsFile, userDir);
    return new WatchedNodeRed(await start(), userDir, start);
  }

  /** `ws://127.0.0.1:<port>`, without a slash. */
  get origin(): string {
    return this.#process.url.replace('http', 'ws');
  }

  /** How often it has stopped by itself. */
  get exits(): number {
    return this.#exits;
  }

  get log(): string {
    return this.#process.log;
  }

  async figures(): Promise<Figures> {
    return (await this.read('/figures')) as Figures;
  }

  /** The JSON at a path, over a connection that does not stay. */
  async read(path: string): Promise<unknown> {
    const body = await new Promise<string>((resolve, reject) => {
      get(`${this.#process.url}${path}`, { agent: false }, (response) =>
        text(response).then(resolve, reject),
      ).on('error', reject);
    });
    return JSON.parse(body);
  }

  /** Deploys as the editor does; resolves when what has changed is started. */
  async deploy(flows: readonly FlowNode[], type: 'full' | 'nodes' | 'flows'): Promise<void> {
    const before = this.log.length;
    const response = await this.#process.post('/flows', flows, { 'node-red-deployment-type': type });
    if (response.status !== 204) throw new Error(`deploy: ${response.status} ${await response.text()}`);
    await this.#process.logged(/Started (modified )?(flows|nodes)/, before);
  }

  /** Resolves when it writes what `pattern` finds, at or after `from` in `log`. */
  async logged(pattern: RegExp, from: number): Promise<void> {
    await this.#process.logged(pattern, from);
  }

  /** Stops the process where it is, or lets it go on. */
  freeze(isFrozen: boolean): void {
    this.#process.freeze(isFrozen);
  }

  /** Ends it as a crash does, or as an operator. */
  async end(how: 'crash' | 'stop'): Promise<void> {
    this.#ended.add(this.#process);
    if (how === 'crash') await this.#process.kill();
    else await this.#process.stop();
  }

  /** Starts it once more, with what it has on disk; it has a log of its own then. */
  async startAgain(): Promise<void> {
    this.#process = await this.#start();
    this.#watch();
  }

  async stop(): Promise<void> {
    await this.end('stop');
    await rm(this.#userDir, { recursive: true, force: true });
  }

  #watch(): void {
    const process = this.#process;
    process.logged(/(?!)/).catch(() => {
      if (!this.#ended.has(process)) this.#exits += 1;
    });
  }
}

function settingsScript(settings: Readonly<Record<string, unknown>>): string {
  const all = {
    uiHost: '127.0.0.1',
    uiPort: 0,
    flowFile: 'flows.json',
    credentialSecret: false,
    logging: { console: { level: 'info' } },
    telemetry: { enabled: false, updateNotification: false },
    ...settings,
  };
  return [
    "require('node:v8').setFlagsFromString('--expose-gc');",
    "const collect = require('node:vm').runInNewContext('gc');",
    `module.exports = ${JSON.stringify(all)};`,
    `module.exports.httpAdminMiddleware = ${tellFigures};`,
  ].join('\n');
}

declare const collect: () => void;

/** Runs in settings.js. */
function tellFigures(
  request: { path: string; socket: { server: { listenerCount(event: string): number } } },
  response: { json(value: object): void },
  next: () => void,
): void {
  if (request.path !== '/figures') {
    next();
    return;
  }
  collect();
  const kinds = process.getActiveResourcesInfo();
  const count = (wanted: string) => kinds.filter((kind) => kind === wanted).length;
  const { heapUsed, rss } = process.memoryUsage();
  response.json({
    heapBytes: heapUsed,
    rssBytes: rss,
    sockets: count('TCPSocketWrap'),
    timers: count('Timeout'),
    handles: kinds.length - count('Immediate'),
    upgradeListeners: request.socket.server.listenerCount('upgrade'),
  });
}
