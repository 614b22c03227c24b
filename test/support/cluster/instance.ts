import { randomBytes } from 'node:crypto';
import { Cluster } from '../../../src/cluster/cluster.js';
import type { ClusterEvent, ClusterState } from '../../../src/cluster/cluster-state.js';
import { type BrokerSettings, MqttTransport } from '../../../src/cluster/mqtt-transport.js';
import type { ClusterTiming } from '../../../src/cluster/timing.js';
import type { OpenTransport } from '../../../src/cluster/transport.js';
import { readControlRequest } from '../../../src/endpoint/control-request.js';
import { createSessionIds } from '../../../src/sessions/session-id.js';
import { SessionIdRing } from '../../../src/sessions/session-id-ring.js';
import { ListenerServer, type ListenerServerOptions } from '../core/listener-server.js';
import { Queue } from '../core/queue.js';
import { until } from './until.js';

/** Short, so that no test waits for long. */
export const TIMING: ClusterTiming = {
  beatMs: 50,
  askMs: 10_000,
  unheardMs: 400,
  expireMs: 600,
  returnMs: 1500,
  countsMs: 20,
  now: Date.now,
};

/** Of tests in which nobody is to be given up: a machine that is busy elsewhere makes members silent for a while. */
export const PATIENT: Partial<ClusterTiming> = { unheardMs: 10_000, expireMs: 15_000, returnMs: 15_000 };

export const CLUSTER_SECRET = 'a secret of this cluster, for its tests: 0123456789';

/** What it calls itself. */
export const ABOUT = { host: 'elsewhere', version: '2.1.0' };

export interface InstanceOptions {
  readonly secret?: string;
  readonly prefix?: string;
  readonly timing?: Partial<ClusterTiming>;
  /** Properties of the listener, as in a flow file. */
  readonly properties?: Record<string, unknown>;
  /** Anything else about the listener. */
  readonly listener?: Omit<ListenerServerOptions, 'cluster' | 'sessionIds' | 'properties'>;
}

/** What a flow has in its message afterwards. */
export interface Controlled {
  readonly payload: unknown;
  readonly instances: unknown;
}

/** A process of a cluster, as far as a test can have several in one: a listener with a server, and its own connection to a broker. */
export class Instance {
  readonly cluster: Cluster;
  readonly server: ListenerServer;
  readonly events = new Queue<ClusterEvent>();

  private constructor(cluster: Cluster, server: ListenerServer) {
    this.cluster = cluster;
    this.server = server;
    cluster.observe((event) => this.events.push(event));
  }

  /** Resolves at once: the way to the others is yet to be found. */
  static async start(
    broker: BrokerSettings | OpenTransport,
    options: InstanceOptions = {},
  ): Promise<Instance> {
    const { secret = CLUSTER_SECRET, prefix = 'wsp', timing, properties = {}, listener = {} } = options;
    const ring = new SessionIdRing(createSessionIds(randomBytes(32)));
    const open: OpenTransport =
      typeof broker === 'function' ? broker : (...given) => new MqttTransport(broker, ...given);
    const cluster = new Cluster({ secret, prefix }, open, { ...TIMING, ...timing }, ABOUT);
    ring.add(cluster.sessionIds);
    const server = await ListenerServer.start({ ...listener, cluster, sessionIds: ring, properties });
    return new Instance(cluster, server);
  }

  /** Resolves once the state is one of these. */
  async reach(...kinds: readonly ClusterState['kind'][]): Promise<void> {
    await until(() => kinds.includes(this.cluster.state.kind));
  }

  /** Resolves once the instance knows so many others. */
  async knows(others: number): Promise<void> {
    await until(() => this.cluster.size === others);
  }

  /** Does what a ws.control+ does with such a message. */
  async control(action: string, payload?: unknown): Promise<Controlled> {
    const outcome = await this.server.listener.control(readControlRequest(action, payload));
    if (outcome.kind !== 'payload') throw new Error(outcome.kind);
    return { payload: outcome.payload, instances: outcome.instances };
  }

  async stop(): Promise<void> {
    await this.server.stop();
    await this.cluster.close();
  }
}
