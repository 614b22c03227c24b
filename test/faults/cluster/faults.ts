import { setTimeout as wait } from 'node:timers/promises';
import { JwksServer } from '../../support/core/jwks-server.js';
import { SocketClient } from '../../support/core/socket-client.js';
import { type Signer, seconds, signer } from '../../support/core/tokens.js';
import type { Booked } from '../flows.js';
import type { Instance } from './instance.js';
import type { Ledger } from './ledger.js';
import { Limited } from './limited.js';
import { Population } from './population.js';
import type { Site } from './site.js';
import { Talk } from './talk.js';

/** How long an instance is stopped. */
const STOPPED_MS = 20_000;

/** How long what a fault brings about may take, on the busiest machine. */
const PATIENCE_MS = 120_000;

/** How long after its peer a flow may be told of an end. */
const TELLING_MS = 10_000;

/** Breaks what can break, and says so in the ledger; resolves once it is whole again and everybody is there. */
export class Faults {
  readonly population: Population;
  readonly talk: Talk;
  /** When the others forgot the instance that was stopped, in milliseconds after that. */
  readonly expiredMs: number[] = [];
  /** Answers that were not those expected. */
  readonly surprises: string[] = [];
  /** Connections of which a flow was not told that they came, or not that they went. */
  untold = 0;
  /** Events told twice or out of order. */
  mistold = 0;
  readonly #site: Site;
  readonly #ledger: Ledger;
  readonly #say: (line: string) => void;
  #signer: Signer;

  readonly #admit = (tenant: string) => this.#signer.sign({ tenant_id: tenant, exp: seconds(3600) });

  /** @param first whose key the instances know */
  constructor(site: Site, ledger: Ledger, first: Signer, say: (line: string) => void) {
    this.#site = site;
    this.#ledger = ledger;
    this.#signer = first;
    this.#say = say;
    const url = `ws://127.0.0.1:${site.haproxy.port}`;
    this.population = new Population(url, site.instances, ledger, this.#admit);
    this.talk = new Talk(this.population, ledger);
  }

  async rollOver(): Promise<void> {
    for (const instance of this.#site.instances) await this.restart(instance, 'stop');
  }

  /** Those who were connected come back elsewhere, and some of them here when it is there again. */
  async restart(instance: Instance, how: 'crash' | 'stop'): Promise<void> {
    await this.audit(instance);
    const cut = this.#cut([instance]);
    this.#ledger.broken();
    await instance.restart(how, () => this.#ledger.outOfTouch(instance.run));
    this.#ledger.backInTouch(instance.run);
    await cut();
    await this.#spread();
  }

  /** @param messages are said while there is no broker, at least */
  async breakBroker(messages: number): Promise<void> {
    const outages = this.#site.instances.map((instance) => instance.outages());
    this.#ledger.broken();
    await this.#site.mosquitto.kill();
    await Promise.all(outages.map(({ down }) => down()));
    await this.talk.more(messages);
    await this.#site.mosquitto.restart();
    await soon('a way back to the broker', Promise.all(outages.map(({ up }) => up())));
  }

  async stopFor20s(instance: Instance): Promise<void> {
    const others = this.#site.instances.filter((one) => one !== instance);
    const limited = new Limited();
    await limited.fill(instance);
    for (const other of others) await limited.counts(other, true);
    this.#ledger.broken();
    this.#ledger.outOfTouch(instance.run);
    this.talk.stopped(instance.run, true);
    instance.freeze(true);
    const stoppedMs = performance.now();
    const over = wait(STOPPED_MS);
    const forgotten = await Promise.all(others.map((other) => limited.counts(other, false)));
    this.expiredMs.push(...forgotten.map((atMs) => atMs - stoppedMs));
    await over;
    instance.freeze(false);
    // the broker may have given it up, or do so now: it is back once the others hear it, and it says so itself
    for (const other of others) await limited.counts(other, true);
    await this.talk.patiently(() => !instance.isDown);
    this.#ledger.backInTouch(instance.run);
    this.talk.stopped(instance.run, false);
    await limited.close();
  }

  async rotateKeys(): Promise<void> {
    const old = await this.#admit('rotated');
    const next = await signer('ES256', 'next');
    this.#site.endpoint.answer = JwksServer.keys([next.jwk]);
    this.#signer = next;
    for (const instance of this.#site.instances) {
      await this.population.visit(instance, 'rotated');
      const { status } = await SocketClient.refused(`${instance.origin}/main?token=${old}`);
      if (status !== 401) {
        this.surprises.push(`a token of the key that was taken out: ${status} on ${instance.run}`);
      }
    }
  }

  async deployUnrelated(type: 'nodes' | 'flows', instances: readonly Instance[]): Promise<void> {
    await Promise.all(instances.map((instance) => instance.deploy(type, 'unrelated')));
  }

  /** What is said on an instance while its flow is exchanged is lost in any Node-RED: its peers listen, the others speak. */
  async deployTraffic(type: 'nodes' | 'flows', instances: readonly Instance[]): Promise<void> {
    for (const instance of instances) {
      await this.talk.silently(instance.run, () => instance.deploy(type, 'traffic'));
    }
  }

  /** Deploys what ends the connections of an instance, and its own to the broker. */
  async deployCluster(type: 'nodes' | 'full', instances: readonly Instance[]): Promise<void> {
    const cut = this.#cut(instances);
    this.#ledger.broken();
    for (const { run } of instances) this.#ledger.outOfTouch(run);
    await Promise.all(instances.map((instance) => instance.deploy(type, 'cluster')));
    for (const { run } of instances) this.#ledger.backInTouch(run);
    await cut();
    await this.#spread();
  }

  /** Compares what an instance's flow was told of connections with those there were. */
  async audit(instance: Instance): Promise<void> {
    const startedMs = performance.now();
    let booked: Booked;
    let untold: number;
    do {
      booked = await instance.booked();
      untold = Math.abs(instance.opened - booked.connects) + Math.abs(instance.closed - booked.disconnects);
      if (untold > 0) await wait(100);
    } while (untold > 0 && performance.now() - startedMs < TELLING_MS);
    const { opened, closed, run } = instance;
    const { connects, disconnects, faults } = booked;
    if (untold > 0) {
      this.#say(`  ${run}: ${opened} came and ${closed} went, told were ${connects} and ${disconnects}`);
    }
    this.untold += untold;
    this.mistold += faults;
  }

  /** @returns resolves once those who are connected to these now have seen that they are no longer */
  #cut(instances: readonly Instance[]): () => Promise<unknown> {
    const members = this.population.members.filter(({ instance }) => instances.includes(instance));
    return () => soon('an end of connections', Promise.all(members.map(({ peer }) => peer.closed)));
  }

  async #spread(): Promise<void> {
    await this.talk.patiently(() => this.population.isComplete);
    this.population.spread();
    await this.talk.patiently(() => this.population.isComplete);
  }
}

/** @throws Error where that does not come about */
async function soon<T>(what: string, awaited: Promise<T>): Promise<T> {
  const tooLate = new AbortController();
  const late = wait(PATIENCE_MS, undefined, { signal: tooLate.signal }).then(() => {
    throw new Error(`${what} does not come about`);
  });
  late.catch(() => {}); // told by the race, or nobody waits any more
  try {
    return await Promise.race([awaited, late]);
  } finally {
    tooLate.abort();
  }
}
