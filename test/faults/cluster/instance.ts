import type { FlowNode, NodeRedVersion } from '../../support/package/node-red-process.js';
import { type Figures, WatchedNodeRed } from '../../support/package/watched-node-red.js';
import type { Booked } from '../flows.js';
import { CREDENTIALS, FIRST_REVISION, type Revision } from './flows.js';

const DOWN = 'The other instances of the cluster cannot be reached';
const UP = 'The other instances of the cluster can be reached again';

/** One Node-RED of the drill: it keeps its port, and may be ended and started again. */
export class Instance {
  readonly port: number;
  readonly version: string;
  /** Connections of its process that the drill has opened, and of those the ones that have ended. */
  opened = 0;
  closed = 0;
  readonly #name: string;
  readonly #nodeRed: WatchedNodeRed;
  readonly #flows: (revision: Revision) => FlowNode[];
  #revision: Revision;
  #starts = 1;

  static async start(
    name: string,
    port: number,
    version: NodeRedVersion,
    flows: (revision: Revision) => FlowNode[],
  ): Promise<Instance> {
    const nodeRed = await WatchedNodeRed.start({
      flows: flows(FIRST_REVISION),
      credentials: CREDENTIALS,
      settings: { uiPort: port },
      version,
    });
    return new Instance(name, port, version.version, nodeRed, flows);
  }

  private constructor(
    name: string,
    port: number,
    version: string,
    nodeRed: WatchedNodeRed,
    flows: (revision: Revision) => FlowNode[],
  ) {
    this.#name = name;
    this.port = port;
    this.version = version;
    this.#nodeRed = nodeRed;
    this.#flows = flows;
    this.#revision = FIRST_REVISION;
  }

  /** Its process: another one after each start. */
  get run(): string {
    return `${this.#name}.${this.#starts}`;
  }

  /** `ws://127.0.0.1:<port>`, past the balancer. */
  get origin(): string {
    return this.#nodeRed.origin;
  }

  get exits(): number {
    return this.#nodeRed.exits;
  }

  /** What its flow was told of connections, since it was started. */
  async booked(): Promise<Booked> {
    return (await this.#nodeRed.read('/booked')) as Booked;
  }

  /** @returns the least of some looks: the balancer and we come by at times */
  async figures(): Promise<Figures> {
    const looks: Figures[] = [];
    for (let look = 0; look < 10; look += 1) looks.push(await this.#nodeRed.figures());
    return looks.reduce((least, one) => (one.sockets < least.sockets ? one : least));
  }

  async deploy(type: 'full' | 'nodes' | 'flows', ...changed: readonly (keyof Revision)[]): Promise<void> {
    for (const what of changed) this.#revision = { ...this.#revision, [what]: this.#revision[what] + 1 };
    await this.#nodeRed.deploy(this.#flows(this.#revision), type);
  }

  freeze(isFrozen: boolean): void {
    this.#nodeRed.freeze(isFrozen);
  }

  /** Ends its process and starts another one. @param ended called in between */
  async restart(how: 'crash' | 'stop', ended: () => void): Promise<void> {
    await this.#nodeRed.end(how);
    this.#starts += 1;
    this.opened = 0;
    this.closed = 0;
    ended();
    await this.#nodeRed.startAgain();
  }

  /** Whether its log says that it cannot reach the others. */
  get isDown(): boolean {
    const { log } = this.#nodeRed;
    return log.lastIndexOf(DOWN) > log.lastIndexOf(UP);
  }

  /** What its log tells from now on: resolves once there is an outage, and once that is over. */
  outages(): { readonly down: () => Promise<void>; readonly up: () => Promise<void> } {
    const from = this.#nodeRed.log.length;
    return {
      down: () => this.#nodeRed.logged(new RegExp(DOWN), from),
      up: () => this.#nodeRed.logged(new RegExp(UP), from),
    };
  }

  stop(): Promise<void> {
    return this.#nodeRed.stop();
  }
}
