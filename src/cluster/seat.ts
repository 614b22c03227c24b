import type { Elsewhere } from '../routing/elsewhere.js';
import type { Recipients } from '../routing/recipients.js';
import type { SessionIds } from '../sessions/session-id.js';
import { SendError, type SendErrorCode } from '../wire/send-error.js';
import { payloadOf, type ServerFrame } from '../wire/server-frame.js';
import type { Envelope } from './envelope.js';
import { type Headcount, headcount } from './headcount.js';
import type { Present } from './members.js';
import type { Place } from './place.js';
import { Presence } from './presence.js';
import type { Neighbours } from './questions.js';
import { recipientsOf } from './recipients-of.js';
import { instanceOf } from './session-ids.js';
import { Talk, type TalkHost } from './talk.js';
import type { Published } from './transport.js';

/** What a seat asks of its cluster. Times in milliseconds. */
export interface SeatHost extends TalkHost {
  readonly sessionIds: SessionIds;
  /** Whether what is published now gets anywhere. */
  isUp(): boolean;
  want(topic: string): Promise<void>;
  unwant(topic: string): void;
  /** How many connections a tenant has with the other members; by the names of listener and tenant. */
  countElsewhere(listener: string, tenant: string): number;
  /** The other members that have a listener of that name and digest. */
  neighbours(listener: string, digest: string): readonly string[];
  /** How many connections the tenants of a listener have with each of these. */
  present(listener: string, instances: readonly string[]): readonly Present[];
  /** How many connections a listener has with these. */
  connectionsOf(listener: string, instances: readonly string[]): number;
  /** A count has changed. */
  changed(): void;
  /** There is less to do than before. */
  resume(): void;
  entered(seat: Seat): void;
  left(seat: Seat): void;
}

/** For how long a tenant whose last peer has left stays subscribed to: it may only be changing networks. */
const LINGER_MS = 30_000;

/** Longest wait for a subscription before a peer is let in, in milliseconds. */
const READY_MS = 500;

const ERRORS: Readonly<Record<Exclude<Published, 'sent'>, SendErrorCode>> = {
  down: 'cluster-down',
  busy: 'cluster-busy',
  'too-large': 'cluster-too-large',
};

/** A listener's place in a cluster, from `enter` to `leave`. */
export class Seat implements Elsewhere {
  readonly place: Place;
  readonly listener: string;
  readonly digest: string;
  readonly presence = new Presence();
  readonly talk: Talk;
  readonly #host: SeatHost;

  constructor(place: Place, digest: string, host: SeatHost) {
    this.place = place;
    this.digest = digest;
    this.#host = host;
    this.listener = host.names.listener(place.path);
    this.talk = new Talk(place, this, host, () => this.neighbours());
  }

  /** Other instances that serve the listener as this one does. Nobody is heard while they are out of reach. */
  neighbours(): Neighbours {
    const all = this.#host.neighbours(this.listener, this.digest);
    return this.#host.isUp() ? { heard: all, lost: [] } : { heard: [], lost: all };
  }

  get connectionsElsewhere(): number {
    return this.#host.connectionsOf(this.listener, this.neighbours().heard);
  }

  /** The listener serves its path: of several that want the same, one does. */
  enter(): void {
    const { path, scope } = this.place;
    if (scope === 'global') void this.#host.want(this.#host.names.toEverybody(path));
    this.#host.entered(this);
  }

  send(recipients: Recipients, frame: ServerFrame, exceptId?: string): SendError | undefined {
    const { names, instance } = this.#host;
    const { path } = this.place;
    switch (recipients.kind) {
      case 'session': {
        const whose = instanceOf(recipients.id);
        if (whose === undefined || whose === instance) return undefined; // its peer can only be here
        const head = { listener: this.listener, id: recipients.id };
        return this.#publish(names.toInstance(whose), { kind: 'session', head }, frame);
      }
      case 'global':
        return this.#publish(names.toEverybody(path), { kind: 'everybody', head: { exceptId } }, frame);
      case 'tenant':
        return this.#sendToTenant(recipients.tenantId, frame, exceptId);
      case 'anonymous':
        return this.#sendToTenant(null, frame, exceptId);
    }
  }

  /** Takes what another member sends to those peers that this listener itself would send it to, or says of the listener. */
  receive(topic: string, envelope: Envelope): void {
    const { digest, head, payload, isBinary } = envelope;
    if (digest !== this.digest) return;
    const recipients = recipientsOf(topic, envelope, this.place, this.#host);
    if (recipients === undefined) {
      this.talk.received(topic, envelope);
      return;
    }
    const exceptId = typeof head.exceptId === 'string' ? head.exceptId : undefined;
    this.place.deliver(recipients, { payload, isBinary, exceptId });
  }

  /** Who is connected, to all instances that can be reached, as far as they have told: a second may pass until they do. */
  headcount(tenantId: string | null | undefined): Headcount {
    const { names, present } = this.#host;
    const { path } = this.place;
    const others = present(this.listener, this.neighbours().heard);
    return headcount(tenantId, this.presence.all(), others, (tenant) => names.tenant(path, tenant));
  }

  /** A tenant has so many peers here now. */
  counted(tenantId: string | null, count: number): void {
    if (this.presence.set(tenantId, count, performance.now()) === 'came' && this.place.scope === 'tenant') {
      void this.#host.want(this.#topicOf(tenantId));
    }
    this.#host.changed();
  }

  /**
   * Gets ready for a peer of a tenant. Resolves once others reach it, or after half a second; undefined where they do, or
   * where nobody can say when they will.
   */
  ready(tenantId: string | null): Promise<void> | undefined {
    if (this.place.scope !== 'tenant') return undefined;
    this.presence.expect(tenantId, performance.now());
    const granted = this.#host.want(this.#topicOf(tenantId));
    if (!this.#host.isUp()) return undefined;
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, READY_MS);
      void granted.then(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  /** How many connections a tenant has elsewhere, as far as is known: a second may pass until it is. */
  countElsewhere(tenantId: string | null): number {
    if (!this.#host.isUp()) return 0;
    return this.#host.countElsewhere(this.listener, this.#host.names.tenant(this.place.path, tenantId));
  }

  drained(): void {
    this.#host.resume();
  }

  /** Called now and then: gives up what nobody here has needed for a while. */
  tidy(): void {
    this.talk.keep(this.#host.neighbours(this.listener, this.digest));
    if (this.place.scope !== 'tenant') return;
    for (const tenantId of this.presence.away(performance.now() - LINGER_MS)) {
      this.#host.unwant(this.#topicOf(tenantId));
    }
  }

  leave(): void {
    this.talk.close();
    const { names } = this.#host;
    this.#host.unwant(names.toEverybody(this.place.path));
    for (const [tenantId] of this.presence.all()) this.#host.unwant(this.#topicOf(tenantId));
    for (const tenantId of this.presence.away(Number.POSITIVE_INFINITY))
      this.#host.unwant(this.#topicOf(tenantId));
    this.#host.left(this);
  }

  #topicOf(tenantId: string | null): string {
    return this.#host.names.toTenant(this.place.path, tenantId);
  }

  /** Where all peers are reached by one topic, one tenant is, too: each instance knows its peers. */
  #sendToTenant(tenantId: string | null, frame: ServerFrame, exceptId?: string): SendError | undefined {
    const { names } = this.#host;
    const { path, scope } = this.place;
    const topic = scope === 'global' ? names.toEverybody(path) : names.toTenant(path, tenantId);
    return this.#publish(topic, { kind: 'tenant', head: { tenantId, exceptId } }, frame);
  }

  #publish(topic: string, what: Pick<Envelope, 'kind' | 'head'>, frame: ServerFrame): SendError | undefined {
    const { digest } = this;
    const published = this.#host.isUp()
      ? this.#host.publish(topic, { ...what, digest, isBinary: frame.isBinary, payload: payloadOf(frame) })
      : 'down';
    return published === 'sent' ? undefined : new SendError(ERRORS[published]);
  }
}
