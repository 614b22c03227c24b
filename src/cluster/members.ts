import type { Mark } from './revocation-marks.js';

/** What a member says of one of its listeners. */
export interface ListenerReport {
  /** How it is configured. */
  readonly digest: string;
  readonly connections: number;
  /** What of revocations it has; undefined where it does not share any. */
  readonly revoked?: Mark | undefined;
}

/** How many connections tenants have, by their names. */
export type Present = ReadonlyMap<string, number>;

/** What tells an owner which instance it is. */
export interface About {
  /** Of the machine or container it runs on; empty: not known. */
  readonly host: string;
  /** Of this package; empty: not known. */
  readonly version: string;
}

/** Another instance, as its owner is told. */
export interface MemberView extends About {
  /** Of all its listeners that are in the cluster. */
  readonly connections: number;
  /** How long ago it was heard, in milliseconds. */
  readonly silentMs: number;
}

/** What a heartbeat says. */
export interface Beat {
  readonly about: About;
  /** How many messages about counts its sender has sent. */
  readonly counted: number;
  /** Whether its sender hears all that is for it. */
  readonly isReady: boolean;
  /** By the names of the listeners. */
  readonly listeners: ReadonlyMap<string, ListenerReport>;
}

/** How many connections some tenants of a listener have; by the names of the tenants. */
export interface Counts {
  readonly listener: string;
  /** The number of this message, or of the last one before, where it answers a question. */
  readonly counted: number;
  /** Whether it is the first of what answers a question: what was known before is forgotten. */
  readonly isFirst: boolean;
  readonly isAnswer: boolean;
  readonly tenants: readonly (readonly [string, number])[];
}

/** Members that are remembered: who knows the secret could make them up. */
const MAX_MEMBERS = 256;

interface Member {
  about: About;
  heardMs: number;
  /** Whether it hears all that is for it, since we are connected. */
  isBack: boolean;
  counted: number;
  listeners: ReadonlyMap<string, ListenerReport>;
  readonly tenants: Map<string, Map<string, number>>;
}

/** How long members are waited for, in milliseconds. */
export interface MembersTiming {
  /** A member that is silent for so long is gone. */
  readonly expireMs: number;
  /** A member may take so long to be back after an outage. */
  readonly returnMs: number;
}

/** The other instances of a cluster, each for as long as it is heard, and how many connections they have. */
export class Members {
  readonly #timing: MembersTiming;
  readonly #members = new Map<string, Member>();
  /** Since when they could be heard; undefined: they cannot, and silence means nothing. */
  #listeningMs: number | undefined;

  constructor(timing: MembersTiming) {
    this.#timing = timing;
  }

  get names(): string[] {
    return [...this.#members.keys()];
  }

  /** Whether all of them hear what is for them, as far as is known: who is not heard any more does not count. */
  get areBack(): boolean {
    for (const { isBack } of this.#members.values()) if (!isBack) return false;
    return true;
  }

  /** There was an outage: nobody is known to be back. */
  reconnected(): void {
    this.#listeningMs = undefined;
    for (const member of this.#members.values()) member.isBack = false;
  }

  /**
   * @param nowMs monotonic
   * @returns whether that member has told something that we have missed
   */
  beat(instance: string, { about, counted, isReady, listeners }: Beat, nowMs: number): 'complete' | 'missed' {
    const member = this.#members.get(instance);
    if (member !== undefined) {
      member.heardMs = nowMs;
      member.about = about;
      member.isBack ||= isReady;
      member.listeners = listeners;
      for (const name of member.tenants.keys()) if (!listeners.has(name)) member.tenants.delete(name);
      return member.counted === counted ? 'complete' : 'missed';
    }
    if (this.#members.size >= MAX_MEMBERS) return 'complete';
    const tenants = new Map<string, Map<string, number>>();
    this.#members.set(instance, { about, heardMs: nowMs, isBack: true, counted: 0, listeners, tenants });
    return counted === 0 ? 'complete' : 'missed';
  }

  counts(instance: string, counts: Counts): void {
    const member = this.#members.get(instance);
    if (member === undefined) return;
    if (counts.isAnswer) member.counted = counts.counted;
    else if (counts.counted === member.counted + 1) member.counted = counts.counted;
    if (counts.isFirst) member.tenants.delete(counts.listener);
    let tenants = member.tenants.get(counts.listener);
    if (tenants === undefined) {
      tenants = new Map();
      member.tenants.set(counts.listener, tenants);
    }
    for (const [tenant, count] of counts.tenants) {
      if (count === 0) tenants.delete(tenant);
      else tenants.set(tenant, count);
    }
  }

  /** @param nowMs monotonic */
  views(nowMs: number): MemberView[] {
    return Array.from(this.#members.values(), ({ about, heardMs, listeners }) => {
      let connections = 0;
      for (const listener of listeners.values()) connections += listener.connections;
      return { ...about, connections, silentMs: Math.round(nowMs - heardMs) };
    });
  }

  gone(instance: string): void {
    this.#members.delete(instance);
  }

  /**
   * Called now and then: lets go of those that are not heard any more.
   * @param nowMs monotonic
   * @param isListening whether they would be heard: who is deaf knows of nobody that he is gone
   */
  expire(nowMs: number, isListening: boolean): void {
    if (!isListening) {
      this.#listeningMs = undefined;
      return;
    }
    this.#listeningMs ??= nowMs;
    const { expireMs, returnMs } = this.#timing;
    for (const [instance, { heardMs, isBack }] of this.#members) {
      const silentMs = nowMs - Math.max(heardMs, this.#listeningMs);
      if (silentMs > (isBack ? expireMs : returnMs)) this.#members.delete(instance);
    }
  }

  /** Those that have a listener of that name and configuration, by their names. */
  neighbours(listener: string, digest: string): readonly string[] {
    const isOne = ({ listeners }: Member) => listeners.get(listener)?.digest === digest;
    return [...this.#members].filter(([, member]) => isOne(member)).map(([name]) => name);
  }

  /** How many connections a tenant of a listener has with the others, as far as they have told. */
  countOf(listener: string, tenant: string): number {
    let count = 0;
    for (const { tenants } of this.#members.values()) count += tenants.get(listener)?.get(tenant) ?? 0;
    return count;
  }

  /** How many connections a listener has with these. */
  connectionsOf(listener: string, instances: readonly string[]): number {
    let count = 0;
    for (const instance of instances) {
      count += this.#members.get(instance)?.listeners.get(listener)?.connections ?? 0;
    }
    return count;
  }

  /** How many connections the tenants of a listener have with each of these, by the names of the tenants. */
  present(listener: string, instances: readonly string[]): Present[] {
    return instances.flatMap((instance) => this.#members.get(instance)?.tenants.get(listener) ?? []);
  }
}
