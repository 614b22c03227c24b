import { randomBytes } from 'node:crypto';
import type { LoadService, Target } from '../load/load-service.js';
import { type Engine, startEngine } from '../peers/engine.js';
import { dialectOf, hasLogin, type PeerName, type PeerService, type PeerSpec } from '../peers/peer-spec.js';
import { cpuMicrosOf } from './cpu-time.js';
import type { Sample } from './figure.js';
import type { KeyMaterial } from './key-material.js';
import { launch } from './launch.js';
import type { Measured, Subject } from './pair.js';
import { SCRIPTS } from './pair.js';
import type { Remote } from './rpc.js';

type Part = Pick<Engine, 'stop'>;

/** CPU time in microseconds. */
export interface Cost {
  /** Of the first instance. */
  readonly first: number;
  /** Of each of the others, on average. */
  readonly other: number;
  readonly engine: number;
  /** Of all of them together. */
  readonly all: number;
  readonly elapsedMs: number;
}

/** Several servers that reach each other's peers over a broker, and one load generator. All share all cores. */
export class Group implements Subject {
  readonly name: PeerName;
  readonly servers: readonly Remote<PeerService>[];
  readonly load: Remote<LoadService>;
  readonly targets: readonly Target[];
  readonly engine: Engine;

  private constructor(
    name: PeerName,
    servers: readonly Remote<PeerService>[],
    load: Remote<LoadService>,
    targets: readonly Target[],
    engine: Engine,
  ) {
    this.name = name;
    this.servers = servers;
    this.load = load;
    this.targets = targets;
    this.engine = engine;
  }

  /** @param node the binary of Node.js that the servers run on; default: this process's */
  static async start(
    instances: number,
    spec: Omit<PeerSpec, 'keys' | 'cluster'>,
    keys: KeyMaterial,
    node: string | undefined,
  ): Promise<Group> {
    const { name } = spec;
    const engine = await startEngine(name);
    const secret = randomBytes(32).toString('base64url');
    const cluster = name === 'ours alone' ? {} : { cluster: { port: engine.port, secret } };
    const servers = Array.from({ length: instances }, () => launch<PeerService>(SCRIPTS[name], { node }));
    const load = launch<LoadService>('load/load-generator', {});
    try {
      const ports = await Promise.all(
        servers.map((server) => server.call('start', { ...spec, ...cluster, keys: keys.verification })),
      );
      const key = hasLogin(name) ? { key: keys.signing } : {};
      const targets = ports.map((port) => ({ port, dialect: dialectOf(name), ...key }));
      return new Group(name, servers, load, targets, engine);
    } catch (error) {
      await stopAll(load, [...servers, engine]);
      throw error;
    }
  }

  /** The target of an instance. */
  at(instance: number): Target {
    const target = this.targets[instance];
    if (target === undefined) throw new RangeError('no such instance');
    return target;
  }

  /** What work costs all of them. */
  async cost<T>(work: () => Promise<T>): Promise<Cost & { readonly result: T }> {
    const before = await this.#usage();
    const result = await work();
    const after = await this.#usage();
    const used = after.servers.map((micros, index) => micros - (before.servers[index] ?? 0));
    const [first = 0, ...others] = used;
    const ofOthers = sum(others);
    const engine = after.engine - before.engine;
    return {
      first,
      other: others.length === 0 ? 0 : ofOthers / others.length,
      engine,
      all: first + ofOthers + engine,
      elapsedMs: after.atMs - before.atMs,
      result,
    };
  }

  async withCollections({ sample }: Measured): Promise<Sample> {
    return sample;
  }

  stop(): Promise<void> {
    return stopAll(this.load, [...this.servers, this.engine]);
  }

  async #usage(): Promise<{
    readonly servers: readonly number[];
    readonly engine: number;
    readonly atMs: number;
  }> {
    const usages = await Promise.all(this.servers.map((server) => server.call('usage')));
    return {
      servers: usages.map(({ cpuMicros }) => cpuMicros),
      engine: cpuMicrosOf(this.engine.pid),
      atMs: performance.now(),
    };
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** The load generator ends first: a connection that is lost is an error to it. */
async function stopAll(load: Part, others: readonly Part[]): Promise<void> {
  await load.stop();
  await Promise.all(others.map((part) => part.stop()));
}
