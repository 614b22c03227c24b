import { EventEmitter, on, once } from 'node:events';
import type { Server } from 'node:http';
import { createRequire } from 'node:module';
import type util from '@node-red/util';
import type { NodeAPI } from 'node-red';
import helper from 'node-red-node-test-helper';
import websocketPlus from '../../../nodes/websocket-plus.js';
import { SocketClient } from '../core/socket-client.js';
import { token } from '../core/tokens.js';

export type Flow = readonly Record<string, unknown>[];
export type Credentials = Record<string, Record<string, string>>;
type Message = Record<string, unknown>;
type Status = Record<string, unknown>;

const load = createRequire(__filename);
const builtIn = load('@node-red/nodes/core/network/22-websocket.js') as (RED: NodeAPI) => void;
const mqtt = load('@node-red/nodes/core/network/10-mqtt.js') as (RED: NodeAPI) => void;
const { hooks } = load('@node-red/util') as typeof util;
const tlsConfig = load('@node-red/nodes/core/network/05-tls.js') as (RED: NodeAPI) => void;

const LEVELS: Readonly<Record<number, string>> = { 10: 'fatal', 20: 'error', 30: 'warn', 40: 'info' };

/** A Node-RED runtime in this process, with our nodes, the built-in WebSocket and MQTT nodes, `tls-config` and a real HTTP server. */
export class Runtime {
  readonly statuses: { readonly id: string; readonly status: Status | undefined }[] = [];
  readonly #taken = new Map<string, number>();
  readonly #events = new EventEmitter();
  readonly #seen = ({ id, status }: { id: string; status: Status | undefined }) => {
    this.statuses.push({ id, status });
    this.#events.emit(`status ${id}`, status);
    this.#events.emit('status');
  };

  /** @param more node types that a test needs */
  static async start(
    flow: Flow,
    credentials: Credentials = {},
    settings: Record<string, unknown> = {},
    more: readonly ((RED: NodeAPI) => void)[] = [],
  ): Promise<Runtime> {
    const runtime = new Runtime();
    helper.init(load.resolve('node-red'));
    helper.settings({ httpNodeRoot: '/', httpAdminRoot: '/', ...settings });
    await helper.startServer();
    helper._events.on('node-status', runtime.#seen);
    // the runtime keeps what it is given
    await helper.load(
      [websocketPlus, builtIn, tlsConfig, mqtt, ...more],
      structuredClone(flow),
      structuredClone(credentials),
    );
    return runtime;
  }

  get server(): Server {
    return helper._server;
  }

  async deploy(
    flow: Flow,
    type: 'full' | 'nodes' | 'flows' = 'full',
    credentials: Credentials = {},
  ): Promise<void> {
    // the helper's own way begins to wait when the flows may have started, and gives a busy machine 300 ms
    const started = once(helper._events, 'flows:started');
    await helper._redNodes.setFlows(structuredClone(flow), structuredClone(credentials), type);
    await started;
  }

  url(path: string, jwt?: string): string {
    return `${helper.url().replace('http', 'ws')}${path}${jwt === undefined ? '' : `?token=${jwt}`}`;
  }

  /** A peer that is let in with a token of these claims. */
  connect(path: string, claims?: Record<string, unknown>): Promise<SocketClient> {
    return SocketClient.open(this.url(path, token(claims)));
  }

  refused(path: string, jwt?: string) {
    return SocketClient.refused(this.url(path, jwt));
  }

  /** The messages that reach a node, from now on, one after the other. */
  messages(id: string): () => Promise<Message> {
    const iterator = on(helper.getNode(id), 'input');
    return async () => ((await iterator.next()).value as [Message])[0];
  }

  /**
   * Every message that a node hands to the runtime for the node `to`, before anything can become of it.
   * @returns stops
   */
  onSend(to: string, handle: (message: Message) => void): () => void {
    hooks.add('onSend.runtime', (events) => {
      for (const { msg, destination } of events) {
        if (destination.id === to) handle(msg as unknown as Message); // its type knows no fields but payload and topic
      }
    });
    return () => hooks.remove('onSend.runtime');
  }

  /** The answer of the admin API. @throws Error where it is no 200 */
  async admin(path: string): Promise<string> {
    const { status, text } = await helper.request().get(path);
    if (status !== 200) throw new Error(`${path}: ${status}`);
    return text;
  }

  /** The global context, as a node sees it. */
  context(id: string): { set(key: string, value: unknown): void } {
    return helper.getNode(id).context().global;
  }

  /** Whether there is such a node now: while it is deployed, there is none. */
  has(id: string): boolean {
    return Boolean(helper.getNode(id));
  }

  inject(id: string, message: Message): void {
    helper.getNode(id).receive(message);
  }

  /** The next status of a node. */
  async status(id: string): Promise<Status> {
    const [status] = await once(this.#events, `status ${id}`);
    return status as Status;
  }

  /** The next status of a node with this text, of those that nobody has taken yet. No status at all has the text ''. */
  async shown(id: string, text: string): Promise<Status> {
    for (let i = this.#taken.get(id) ?? 0; ; i += 1) {
      while (i >= this.statuses.length) await once(this.#events, 'status');
      const one = this.statuses[i];
      if (one?.id !== id || (one.status?.text ?? '') !== text) continue;
      this.#taken.set(id, i + 1);
      return one.status ?? {}; // a node that is deployed away has none
    }
  }

  lastStatus(id: string): Status | undefined {
    return this.statuses.findLast((one) => one.id === id)?.status;
  }

  /** What our nodes logged at warn and above: `level text`. */
  get log(): string[] {
    return helper
      .log()
      .args.map(([entry]) => entry)
      .filter(({ level, type }) => (level as number) <= 30 && String(type).startsWith('websocket-plus'))
      .map(({ level, msg }) => `${LEVELS[level as number]} ${String(msg)}`);
  }

  /** Everything that was logged, at any level, with all its fields. */
  get wholeLog(): string {
    return helper
      .log()
      .args.map(([entry]) => JSON.stringify(entry))
      .join('\n');
  }

  async stop(): Promise<void> {
    await helper.unload();
    helper._events.off('node-status', this.#seen);
    await helper.stopServer();
  }
}
