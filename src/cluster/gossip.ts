import { ClockWatch } from './clock-watch.js';
import type { ClusterEvent } from './cluster-state.js';
import type { Envelope, Kind, Outgoing } from './envelope.js';
import { type About, Members, type MembersTiming } from './members.js';
import type { TopicNames } from './names.js';
import { readBeat, readCounts, writeBeat, writeCounts } from './reports.js';
import type { Seat } from './seat.js';

/** What gossip asks of its cluster. */
export interface GossipHost {
  readonly instance: string;
  readonly about: About;
  readonly names: TopicNames;
  seats(): Iterable<Seat>;
  publish(topic: string, report: Outgoing): void;
  emit(event: ClusterEvent): void;
}

/** Times in milliseconds. */
export interface GossipTiming extends MembersTiming {
  /** How long changes of counts are collected. */
  readonly countsMs: number;
}

/** Whether a message is about members, and not about one of their listeners. */
export function isGossip(kind: Kind): boolean {
  return kind === 'beat' || kind === 'bye' || kind === 'hello' || kind === 'counts';
}

/** What members tell each other of themselves: that they are there, and how many peers each tenant has. Nobody leads. */
export class Gossip {
  readonly members: Members;
  readonly clocks: ClockWatch;
  readonly #host: GossipHost;
  readonly #timing: GossipTiming;
  /** Members' listeners that were told to differ. */
  readonly #differing = new Set<string>();
  #timer: NodeJS.Timeout | undefined;
  #counted = 0;

  constructor(host: GossipHost, timing: GossipTiming) {
    this.#host = host;
    this.#timing = timing;
    this.members = new Members(timing);
    this.clocks = new ClockWatch(timing.expireMs);
  }

  /** What our heartbeat says. @param isReady whether we hear all that is for us */
  beat(isReady: boolean): Outgoing {
    const { instance, about } = this.#host;
    return writeBeat(instance, { about, counted: this.#counted, isReady }, this.#host.seats());
  }

  /**
   * @param topic where it came
   * @param offMs how far its sender's clock is ahead
   */
  received(topic: string, envelope: Envelope, offMs: number): void {
    const { kind, head } = envelope;
    const { instance } = head;
    if (typeof instance !== 'string') return;
    if (kind === 'beat' && topic === this.#host.names.all) this.#beatOf(instance, envelope, offMs);
    else if (kind === 'bye' && topic === this.#host.names.all) this.members.gone(instance);
    else if (kind === 'hello') this.#answer(instance);
    else if (kind === 'counts') {
      const counts = readCounts(envelope);
      if (counts !== undefined) this.members.counts(instance, counts);
    }
  }

  /** Tells of changes soon, of many at a time. */
  countsChanged(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#tellChanges();
    }, this.#timing.countsMs);
  }

  /** Says good-bye. */
  close(): void {
    clearTimeout(this.#timer);
    const { instance, names } = this.#host;
    this.#host.publish(names.all, { kind: 'bye', head: { instance } });
  }

  #beatOf(instance: string, envelope: Envelope, offMs: number): void {
    const beat = readBeat(envelope);
    if (beat === undefined) return;
    if (this.clocks.isNews(instance, offMs)) this.#host.emit({ kind: 'clock', offMs });
    for (const { listener, digest, place } of this.#host.seats()) {
      const report = beat.listeners.get(listener);
      const key = `${instance} ${listener} ${report?.digest} ${digest}`;
      if (report === undefined || report.digest === digest || this.#differing.has(key)) continue;
      this.#differing.add(key);
      this.#host.emit({ kind: 'differs', path: place.path });
    }
    const heard = this.members.beat(instance, beat, performance.now());
    for (const { listener, digest, talk } of this.#host.seats()) {
      const report = beat.listeners.get(listener);
      if (report?.digest === digest) talk.heard(instance, report.revoked);
    }
    if (heard === 'complete') return;
    const { names, instance: own } = this.#host;
    this.#host.publish(names.toInstance(instance), { kind: 'hello', head: { instance: own } });
  }

  /** Tells one member what it has missed. */
  #answer(asker: string): void {
    const { names, instance } = this.#host;
    for (const seat of this.#host.seats()) {
      const counts = this.#named(seat, seat.presence.all());
      const numbers = { counted: () => this.#counted, isAnswer: true };
      for (const report of writeCounts(instance, seat.listener, counts, numbers)) {
        this.#host.publish(names.toInstance(asker), report);
      }
    }
  }

  #tellChanges(): void {
    const { names, instance } = this.#host;
    const numbers = { counted: () => this.#next(), isAnswer: false };
    for (const seat of this.#host.seats()) {
      const changes = this.#named(seat, seat.presence.changes());
      if (changes.length === 0) continue;
      for (const report of writeCounts(instance, seat.listener, changes, numbers)) {
        this.#host.publish(names.all, report);
      }
    }
  }

  #next(): number {
    this.#counted += 1;
    return this.#counted;
  }

  #named({ place: { path } }: Seat, counts: readonly [string | null, number][]): [string, number][] {
    return counts.map(([tenantId, count]) => [this.#host.names.tenant(path, tenantId), count]);
  }
}
