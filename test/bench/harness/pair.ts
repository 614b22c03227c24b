import type { LoadService, Target } from '../load/load-service.js';
import { hasLogin, type PeerName, type PeerService, type PeerSpec } from '../peers/peer-spec.js';
import type { Sample } from './figure.js';
import type { KeyMaterial } from './key-material.js';
import { launch } from './launch.js';
import type { Remote } from './rpc.js';

const SCRIPTS: Readonly<Record<PeerName, string>> = {
  ws: 'peers/ws-server',
  'ws+jose': 'peers/ws-server',
  'ws+scan': 'peers/ws-server',
  core: 'peers/node-red-server',
  ours: 'peers/node-red-server',
  other: 'peers/node-red-server',
  net: 'peers/net-server',
  floor: 'peers/floor-server',
};

interface Work {
  readonly operations: number;
  readonly elapsedMs: number;
}

/** A server and the load generator that speaks to it alone, each a process of its own. */
export class Pair {
  readonly name: PeerName;
  readonly server: Remote<PeerService>;
  readonly load: Remote<LoadService>;
  readonly target: Target;

  private constructor(
    name: PeerName,
    server: Remote<PeerService>,
    load: Remote<LoadService>,
    target: Target,
  ) {
    this.name = name;
    this.server = server;
    this.load = load;
    this.target = target;
  }

  static async start(spec: Omit<PeerSpec, 'keys'>, keys: KeyMaterial): Promise<Pair> {
    const { name } = spec;
    const server = launch<PeerService>(SCRIPTS[name], 0);
    const load = launch<LoadService>('load/load-generator', 1);
    try {
      const port = await server.call('start', { ...spec, keys: keys.verification });
      return new Pair(name, server, load, hasLogin(name) ? { port, key: keys.signing } : { port });
    } catch (error) {
      await Promise.all([server.stop(), load.stop()]);
      throw error;
    }
  }

  /**
   * Has the load generator do something, and measures what both processes need for it.
   * @param work resolves with how often it was done, and in what time
   */
  async measure(work: () => Promise<Work>): Promise<Sample> {
    const serverBefore = await this.server.call('usage');
    const loadBefore = await this.load.call('usage');
    const { operations, elapsedMs } = await work();
    const server = await this.server.call('usage');
    const load = await this.load.call('usage');
    const serverCpu = server.cpuMicros - serverBefore.cpuMicros;
    return {
      value: (operations / serverCpu) * 1e6,
      byClock: (operations / elapsedMs) * 1000,
      serverCpu: serverCpu / (server.atMicros - serverBefore.atMicros),
      loadCpu: (load.cpuMicros - loadBefore.cpuMicros) / (load.atMicros - loadBefore.atMicros),
    };
  }

  async stop(): Promise<void> {
    await Promise.all([this.server.stop(), this.load.stop()]);
  }
}
