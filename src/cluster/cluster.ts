import type { SessionIds } from '../sessions/session-id.js';
import { Bus } from './bus.js';
import type { ClusterEvent, ClusterState, ClusterTraffic } from './cluster-state.js';
import type { Envelope, Outgoing } from './envelope.js';
import { Gossip, isGossip } from './gossip.js';
import { type ClusterKeys, clusterKeys } from './keys.js';
import type { About, MemberView } from './members.js';
import { TopicNames } from './names.js';
import { digestOf, type Place } from './place.js';
import { Seat } from './seat.js';
import { clusterSessionIds, newInstance } from './session-ids.js';
import { type ClusterTiming, TIMING } from './timing.js';
import type { OpenTransport, Published } from './transport.js';

/** What all members of a cluster have in common. */
export interface ClusterOptions {
  /** Of 32 bytes or more: whoever knows it is a member. */
  readonly secret: string;
  /** Of all topics. */
  readonly prefix: string;
}

const NAMELESS: About = { host: '', version: '' };

/** This process as one of several that serve the same listeners: their peers are reached from here, and ours from there. */
export class Cluster {
  /** Every member believes them. */
  readonly sessionIds: SessionIds;
  /** Its name among the members. */
  readonly instance = newInstance();
  readonly #keys: ClusterKeys;
  readonly #names: TopicNames;
  readonly #bus: Bus;
  readonly #gossip: Gossip;
  /** By the names of their listeners. */
  readonly #seats = new Map<string, Seat>();
  readonly #observers = new Set<(event: ClusterEvent) => void>();
  readonly #beats: NodeJS.Timeout;
  readonly #timing: ClusterTiming;
  #sent = 0;
  #received = 0;

  /** @param about what the others are told of this instance */
  constructor(
    { secret, prefix }: ClusterOptions,
    openTransport: OpenTransport,
    timing = TIMING,
    about = NAMELESS,
  ) {
    this.#timing = timing;
    this.#keys = clusterKeys(secret);
    this.#names = new TopicNames(prefix, this.#keys);
    this.#gossip = new Gossip(
      {
        instance: this.instance,
        about,
        names: this.#names,
        seats: () => this.#seats.values(),
        publish: (...report) => this.#bus.publish(...report),
        emit: (event) => this.#emit(event),
      },
      timing,
    );
    this.sessionIds = clusterSessionIds(this.#keys, this.instance);
    const topics = { all: this.#names.all, own: this.#names.toInstance(this.instance) };
    this.#bus = new Bus(
      this.#keys,
      topics,
      openTransport,
      {
        changed: () => this.#stateChanged(),
        received: (...message) => this.#take(...message),
        offClock: (offMs) => this.#offClock(offMs),
        isBusy: () => this.#isBusy(),
        beat: (isReady) => this.#gossip.beat(isReady),
        connected: () => {
          this.#gossip.members.reconnected();
          for (const { talk } of this.#seats.values()) talk.reconnected();
        },
        areOthersBack: () => this.#gossip.members.areBack,
      },
      timing,
    );
    this.#beats = setInterval(() => this.#beat(), timing.beatMs);
  }

  get state(): ClusterState {
    const { state } = this.#bus;
    return state.kind === 'up' && this.#gossip.clocks.isOff(performance.now())
      ? { kind: 'off-clock' }
      : state;
  }

  /** How many other members there are. */
  get size(): number {
    return this.#gossip.members.names.length;
  }

  /** The others, as far as they are heard. */
  get members(): readonly MemberView[] {
    return this.#gossip.members.views(performance.now());
  }

  get traffic(): ClusterTraffic {
    return { sent: this.#sent, received: this.#received };
  }

  /** How many connections a listener has on other instances that serve it as this one does. */
  connectionsElsewhere(path: string): number {
    return this.#seats.get(this.#names.listener(path))?.connectionsElsewhere ?? 0;
  }

  /** @returns stops observing */
  observe(observer: (event: ClusterEvent) => void): () => void {
    this.#observers.add(observer);
    return () => this.#observers.delete(observer);
  }

  /** Gives a listener its place. One for each path is taken at a time. */
  join(place: Place): Seat {
    const { members } = this.#gossip;
    const { askMs, now } = this.#timing;
    return new Seat(place, digestOf(this.#keys, place), {
      instance: this.instance,
      names: this.#names,
      sessionIds: this.sessionIds,
      askMs,
      now,
      isUp: () => this.#bus.state.kind === 'up',
      publish: (...message) => this.#publish(...message),
      want: (topic) => this.#bus.want(topic),
      unwant: (topic) => this.#bus.unwant(topic),
      countElsewhere: (...whose) => members.countOf(...whose),
      neighbours: (...like) => members.neighbours(...like),
      present: (...where) => members.present(...where),
      connectionsOf: (...where) => members.connectionsOf(...where),
      changed: () => this.#gossip.countsChanged(),
      resume: () => this.#bus.resume(),
      entered: (seat) => this.#seats.set(seat.listener, seat),
      left: (seat) => {
        if (this.#seats.get(seat.listener) === seat) this.#seats.delete(seat.listener);
        this.#bus.resume();
      },
    });
  }

  /** Says good-bye, and resolves when the connection to the broker is closed. */
  close(): Promise<void> {
    clearInterval(this.#beats);
    this.#observers.clear();
    this.#gossip.close();
    return this.#bus.close();
  }

  #beat(): void {
    const { members, clocks } = this.#gossip;
    for (const seat of this.#seats.values()) seat.tidy();
    this.#bus.beat();
    members.expire(performance.now(), this.#bus.isHeard);
    if (clocks.hasChanged(performance.now())) this.#stateChanged();
  }

  #publish(topic: string, envelope: Outgoing): Published {
    const published = this.#bus.publish(topic, envelope);
    if (published === 'sent') this.#sent += 1;
    return published;
  }

  #take(topic: string, envelope: Envelope, offMs: number): void {
    const { kind, head } = envelope;
    if (isGossip(kind)) {
      this.#gossip.received(topic, envelope, offMs);
    } else {
      this.#received += 1;
      const isByTopic = kind === 'tenant' || kind === 'everybody';
      const listener = isByTopic ? this.#names.listenerOf(topic) : head.listener;
      if (typeof listener === 'string') this.#seats.get(listener)?.receive(topic, envelope);
    }
  }

  #offClock(offMs: number): void {
    const { clocks } = this.#gossip;
    if (!clocks.isOff(performance.now())) this.#emit({ kind: 'clock', offMs });
    clocks.seenOff(performance.now());
    if (clocks.hasChanged(performance.now())) this.#stateChanged();
  }

  #isBusy(): boolean {
    for (const { place } of this.#seats.values()) if (place.isBusy()) return true;
    return false;
  }

  #stateChanged(): void {
    this.#emit({ kind: 'state', state: this.state });
  }

  #emit(event: ClusterEvent): void {
    for (const observer of this.#observers) observer(event);
  }
}
