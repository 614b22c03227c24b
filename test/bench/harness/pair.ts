import type { LoadService, Target } from '../load/load-service.js';
import type { PollerService } from '../load/poller-service.js';
import { dialectOf, hasLogin, type PeerName, type PeerService, type PeerSpec } from '../peers/peer-spec.js';
import type { Sample } from './figure.js';
import { GcTrace, type Span } from './gc-trace.js';
import type { KeyMaterial } from './key-material.js';
import { launch } from './launch.js';
import type { Remote } from './rpc.js';

/** The scripts of servers, below test/bench. */
export const SCRIPTS: Readonly<Record<PeerName, string>> = {
  ws: 'peers/ws-server',
  'ws+jose': 'peers/ws-server',
  'ws+scan': 'peers/ws-server',
  'socket.io': 'peers/socket-io-server',
  'socket.io sharded': 'peers/socket-io-server',
  core: 'peers/node-red-server',
  ours: 'peers/node-red-server',
  'ours+operated': 'peers/node-red-server',
  'ours alone': 'peers/node-red-server',
  other: 'peers/node-red-server',
  net: 'peers/net-server',
  floor: 'peers/floor-server',
};

interface Work {
  readonly operations: number;
  readonly elapsedMs: number;
}

/** A sample, and when the server did its work: what collections did meanwhile is known when the server has ended. */
export interface Measured {
  readonly sample: Sample;
  readonly span?: Span & { readonly operations: number };
}

/** Whoever is measured, with all the processes that takes. */
export interface Subject {
  readonly name: PeerName;
  readonly servers: readonly Remote<PeerService>[];
  withCollections(measured: Measured): Promise<Sample>;
  stop(): Promise<void>;
}

/** A server, the load generator that speaks to it alone, and whoever looks on, each a process of its own. */
export class Pair implements Subject {
  readonly name: PeerName;
  readonly server: Remote<PeerService>;
  readonly load: Remote<LoadService>;
  readonly target: Target;
  readonly #trace: GcTrace;
  #poller: Remote<PollerService> | undefined;

  private constructor(
    name: PeerName,
    server: Remote<PeerService>,
    load: Remote<LoadService>,
    target: Target,
    trace: GcTrace,
  ) {
    this.name = name;
    this.server = server;
    this.load = load;
    this.target = target;
    this.#trace = trace;
  }

  /** @param node the binary of Node.js that the server runs on; default: this process's */
  static async start(
    spec: Omit<PeerSpec, 'keys'>,
    keys: KeyMaterial,
    node: string | undefined,
  ): Promise<Pair> {
    const { name } = spec;
    const trace = new GcTrace();
    const server = launch<PeerService>(SCRIPTS[name], { core: 0, node, trace });
    const load = launch<LoadService>('load/load-generator', { core: 1 });
    try {
      const port = await server.call('start', { ...spec, keys: keys.verification });
      const target = { port, dialect: dialectOf(name), ...(hasLogin(name) ? { key: keys.signing } : {}) };
      return new Pair(name, server, load, target, trace);
    } catch (error) {
      await Promise.all([server.stop(), load.stop()]);
      throw error;
    }
  }

  get servers(): readonly Remote<PeerService>[] {
    return [this.server];
  }

  /** A process that asks the admin API of a Node-RED, on the core of the load generator; started with the first call. */
  get poller(): Remote<PollerService> {
    this.#poller ??= launch<PollerService>('load/poller', { core: 1 });
    return this.#poller;
  }

  /**
   * Has the load generator do something, and measures what both processes need for it.
   * @param work resolves with how often it was done, and in what time
   */
  async measure(work: () => Promise<Work>): Promise<Measured> {
    const serverBefore = await this.server.call('usage');
    const loadBefore = await this.load.call('usage');
    const { operations, elapsedMs } = await work();
    const server = await this.server.call('usage');
    const load = await this.load.call('usage');
    const cpuMicros = server.cpuMicros - serverBefore.cpuMicros;
    return {
      sample: {
        value: (operations / cpuMicros) * 1e6,
        byClock: (operations / elapsedMs) * 1000,
        serverCpu: cpuMicros / 1000 / (server.atMs - serverBefore.atMs),
        loadCpu: (load.cpuMicros - loadBefore.cpuMicros) / 1000 / (load.atMs - loadBefore.atMs),
      },
      span: { fromMs: serverBefore.atMs, toMs: server.atMs, operations },
    };
  }

  async stop(): Promise<void> {
    // collects once more: the line that tells of it shows that none before it is missing
    await this.server.call('memory').catch(() => undefined);
    await this.load.stop(); // first: a connection that is lost is an error to it
    await Promise.all([this.server.stop(), this.#poller?.stop()]);
  }

  /** Adds what collections did, once the pair has stopped. */
  async withCollections({ sample, span }: Measured): Promise<Sample> {
    if (span === undefined || this.name === 'floor') return sample; // the floor has no such thing
    const use = await this.#trace.during(span);
    if (use === undefined) return sample;
    return {
      ...sample,
      promotedBytes: use.promotedBytes / span.operations,
      scavenges: (use.scavenges / span.operations) * 1000,
      gcShare: use.pauseMs / (span.toMs - span.fromMs),
    };
  }
}
