import { setTimeout as wait } from 'node:timers/promises';
import type { Admit } from '../crowd.js';
import { type Hearer, Peer } from '../peer.js';
import type { Instance } from './instance.js';
import type { Ledger, Party } from './ledger.js';

/** Upgrades that are under way at once. */
const AT_ONCE = 50;

/** How soon a peer that was refused comes again, in milliseconds. */
const RETRY_MS = 100;

/** A peer of the drill, on one connection. */
export interface Member extends Party {
  readonly peer: Peer;
  readonly instance: Instance;
  /** Whether the drill has sent it away itself. */
  isSentAway: boolean;
}

/** The peers of the drill: a steady number of each tenant, who come back through the balancer whenever their connection ends. */
export class Population {
  readonly #url: string;
  readonly #instances: readonly Instance[];
  readonly #ledger: Ledger;
  readonly #admit: Admit;
  readonly #members = new Map<Peer, Member>();
  readonly #ended: Member[] = [];
  readonly #hearer: Hearer;
  readonly #stays: Promise<void>[] = [];
  #isOver = false;
  #made = 0;
  #arriving = 0;

  constructor(url: string, instances: readonly Instance[], ledger: Ledger, admit: Admit) {
    this.#url = url;
    this.#instances = instances;
    this.#ledger = ledger;
    this.#admit = admit;
    this.#hearer = {
      opened: (peer) => this.#opened(peer),
      received: (peer, text) => {
        const member = this.#members.get(peer);
        if (member !== undefined) ledger.received(member, text);
      },
      closed: (peer) => this.#closed(peer),
    };
  }

  /** Those who are connected. */
  get members(): readonly Member[] {
    return [...this.#members.values()];
  }

  /** Whose connections have ended, since this was asked last. */
  takeEnded(): readonly Member[] {
    return this.#ended.splice(0);
  }

  /** Whether nobody is between two connections, or about to be. */
  get isComplete(): boolean {
    return this.members.filter(({ isSentAway }) => !isSentAway).length === this.#stays.length;
  }

  /** Lets so many come, spread evenly over the tenants. */
  come(connections: number, tenants: number): void {
    this.#isOver = false;
    for (let i = 0; i < connections; i += 1) this.#stays.push(this.#stay(`tenant-${i % tenants}`));
  }

  /** Sends those away of whom a tenant has too many on one instance: they come back elsewhere. */
  spread(): void {
    const places = new Map<string, Member[]>();
    const sizes = new Map<string, number>();
    for (const member of this.members) {
      const { tenant, run } = member;
      sizes.set(tenant, (sizes.get(tenant) ?? 0) + 1);
      const place = places.get(`${tenant} ${run}`);
      if (place === undefined) places.set(`${tenant} ${run}`, [member]);
      else place.push(member);
    }
    for (const place of places.values()) {
      const share = Math.ceil((sizes.get(place[0]?.tenant ?? '') ?? 0) / this.#instances.length);
      for (const member of place.slice(share)) sendAway(member);
    }
  }

  /** All go, and stay away. */
  async leave(): Promise<void> {
    this.#isOver = true;
    for (const member of this.members) sendAway(member);
    await Promise.all(this.#stays.splice(0));
  }

  /** Somebody comes to one instance, past the balancer, and goes again. @throws Error where he is refused */
  async visit(instance: Instance, tenant: string): Promise<void> {
    const peer = await this.#connect(instance.origin, tenant);
    const member = this.#members.get(peer);
    if (member !== undefined) sendAway(member);
    await peer.closed;
  }

  async #stay(tenant: string): Promise<void> {
    while (!this.#isOver) {
      while (this.#arriving >= AT_ONCE) await wait(RETRY_MS);
      this.#arriving += 1;
      const peer = await this.#connect(this.#url, tenant).catch(() => undefined);
      this.#arriving -= 1;
      if (peer === undefined) await wait(RETRY_MS);
      else await peer.closed;
    }
  }

  async #connect(origin: string, tenant: string): Promise<Peer> {
    const url = `${origin}/main?token=${await this.#admit(tenant)}`;
    this.#made += 1;
    return Peer.connect(url, `peer-${this.#made}`, tenant, this.#hearer);
  }

  #opened(peer: Peer): void {
    const { id, tenant, server } = peer;
    // the balancer counts as we do; past it, the port says who that is
    const instance = this.#instances.find((one, i) => server === `s${i}` || peer.port === one.port);
    if (instance === undefined) throw new Error(`nobody knows where ${id} is`);
    const member = { id, tenant, run: instance.run, peer, instance, isSentAway: false };
    instance.opened += 1;
    this.#members.set(peer, member);
    this.#ledger.opened(member);
    if (this.#isOver) sendAway(member);
  }

  #closed(peer: Peer): void {
    const member = this.#members.get(peer);
    if (member === undefined) return; // it has never been open
    this.#members.delete(peer);
    this.#ledger.closed(member);
    this.#ended.push(member);
    if (member.run === member.instance.run) member.instance.closed += 1;
  }
}

function sendAway(member: Member): void {
  member.isSentAway = true;
  member.peer.close();
}
