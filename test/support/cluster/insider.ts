import { Bus } from '../../../src/cluster/bus.js';
import type { Envelope, Outgoing } from '../../../src/cluster/envelope.js';
import { clusterKeys } from '../../../src/cluster/keys.js';
import type { BrokerSettings } from '../../../src/cluster/mqtt-transport.js';
import { MqttTransport } from '../../../src/cluster/mqtt-transport.js';
import { TopicNames } from '../../../src/cluster/names.js';
import { digestOf } from '../../../src/cluster/place.js';
import { clusterSessionIds, newInstance } from '../../../src/cluster/session-ids.js';
import type { SessionIds } from '../../../src/sessions/session-id.js';
import { Queue } from '../core/queue.js';
import { CLUSTER_SECRET, TIMING } from './instance.js';
import { until } from './until.js';

/** Who knows the secret of a cluster, and says what he likes: about the listener of path `/ws` with scope tenant. */
export class Insider {
  readonly instance = newInstance();
  readonly names: TopicNames;
  readonly listener: string;
  readonly digest: string;
  /** What has come for him, or for all. */
  readonly heard = new Queue<Envelope & { readonly topic: string }>();
  readonly #bus: Bus;
  readonly #sessionIds: SessionIds;

  private constructor(broker: BrokerSettings) {
    const keys = clusterKeys(CLUSTER_SECRET);
    this.#sessionIds = clusterSessionIds(keys, this.instance);
    this.names = new TopicNames('wsp', keys);
    this.listener = this.names.listener('/ws');
    const place = { scope: 'tenant', onlyTenant: undefined, tenantClaim: 'tenant_id' } as const;
    this.digest = digestOf(keys, place);
    this.#bus = new Bus(
      keys,
      { all: this.names.all, own: this.names.toInstance(this.instance) },
      (...given) => new MqttTransport(broker, ...given),
      {
        changed: () => {},
        received: (topic, envelope) => this.heard.push({ ...envelope, topic }),
        offClock: () => {},
        isBusy: () => false,
        beat: () => this.beat(),
        connected: () => {},
        areOthersBack: () => true,
      },
      TIMING,
    );
  }

  static async start(broker: BrokerSettings): Promise<Insider> {
    const insider = new Insider(broker);
    await until(() => {
      if (insider.#bus.state.kind !== 'up') insider.#bus.beat();
      return insider.#bus.state.kind === 'up';
    });
    return insider;
  }

  /** Says that he is there, with a listener of `connections` peers. */
  appear(connections = 0, mark?: unknown): void {
    this.#bus.publish(this.names.all, this.beat(connections, mark));
  }

  beat(connections = 0, mark?: unknown): Outgoing {
    const payload = Buffer.from(JSON.stringify([[this.listener, this.digest, connections, mark]]));
    return { kind: 'beat', head: { instance: this.instance, counted: 0, isReady: true }, payload };
  }

  /** Says something about the listener, as any instance would. */
  say(topic: string, kind: Envelope['kind'], head: Record<string, unknown>, payload: unknown = []): void {
    this.#bus.publish(topic, {
      kind,
      digest: this.digest,
      head: { instance: this.instance, listener: this.listener, ...head },
      payload: Buffer.isBuffer(payload) ? payload : Buffer.from(JSON.stringify(payload) ?? ''),
    });
  }

  /** A session of his that proves its tenant. */
  session(tenantId: string): Record<string, unknown> {
    return { type: 'websocket', id: this.#sessionIds.issue(tenantId), tenantId, authStatus: 'verified' };
  }

  /** A connection of his, as lists tell of it. */
  row(tenantId: string): Record<string, unknown> {
    const none = { messages: 0, bytes: 0 };
    const session = this.session(tenantId);
    return {
      session,
      address: '10.0.0.1',
      connectedAt: 1,
      expiresAt: null,
      received: none,
      sent: none,
      bufferedBytes: 0,
    };
  }

  /** The next message of a kind; takes all before it. */
  async next(kind: Envelope['kind']): Promise<Envelope> {
    for (;;) {
      const heard = await this.heard.next();
      if (heard.kind === kind) return heard;
    }
  }

  close(): Promise<void> {
    return this.#bus.close();
  }
}
