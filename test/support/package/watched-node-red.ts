import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { type FlowNode, NodeRedProcess, nodeRedUnderTest } from './node-red-process.js';

const PACKAGE = '@inteli.city/node-red-contrib-websocket-plus';
const ROOT = resolve(__dirname, '../../../..');

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
}

/** A real Node-RED with this package, which tells what it holds. */
export class WatchedNodeRed {
  readonly #process: NodeRedProcess;
  readonly #userDir: string;
  #exits = 0;

  private constructor(process: NodeRedProcess, userDir: string) {
    this.#process = process;
    this.#userDir = userDir;
    process.logged(/(?!)/).catch(() => {
      this.#exits += 1;
    });
  }

  static async start({ flows, credentials, settings = {} }: WatchedOptions): Promise<WatchedNodeRed> {
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
    return new WatchedNodeRed(await NodeRedProcess.start(nodeRedUnderTest(), settingsFile, userDir), userDir);
  }

  /** `ws://127.0.0.1:<port>`, without a slash. */
  get origin(): string {
    return this.#process.url.replace('http', 'ws');
  }

  /** How often it has stopped by itself: at most once, for nobody starts it again. */
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

  async stop(): Promise<void> {
    await this.#process.stop();
    await rm(this.#userDir, { recursive: true, force: true });
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
