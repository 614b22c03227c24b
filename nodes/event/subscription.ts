import type { Endpoint } from '../../src/endpoint/endpoint.js';
import { eventNameOf } from '../../src/events/event-message.js';
import type { EndpointEvent } from '../../src/events/events.js';
import type { Arrival } from '../../src/sessions/arrival.js';
import { createSampler } from './sampler.js';

/** Where events come from. */
export interface EventSource {
  /** The config node's. */
  readonly id: string;
  readonly topic: string;
  readonly endpoint: Endpoint;
}

/** An event on its way to a flow. */
export interface Happening {
  readonly event: EndpointEvent;
  readonly topic: string;
  /** Of refusals: how many were passed over since the one before. */
  readonly missed?: number;
}

/** Events that are kept while nobody can take them: about a deploy's worth of a large listener. */
const MAX_KEPT = 100_000;

/** Peers are not kept waiting longer than Node-RED waits for a node to close, in milliseconds. */
const MAX_PAUSE_MS = 20_000;

/**
 * The events of one endpoint for one node: exactly once and in their order, also from before a deploy to after it. While the
 * node is away they are kept, and of the connections that come meanwhile nothing is read: a message must not reach the flow
 * before its connection.
 */
export class Subscription {
  readonly source: EventSource;
  readonly #stop: () => void;
  readonly #sample = createSampler();
  readonly #kept: Happening[] = [];
  readonly #paused = new Set<Arrival>();
  #pauseTimer: NodeJS.Timeout | undefined;
  #deliver: ((happening: Happening) => void) | undefined;

  constructor(source: EventSource) {
    this.source = source;
    this.#stop = source.endpoint.observe((event) => this.#happened(event));
  }

  /** Keeps what happens until `resume`. */
  pause(): void {
    this.#deliver = undefined;
  }

  /** Delivers what was kept, and from now on everything as it happens. */
  resume(deliver: (happening: Happening) => void): void {
    for (const happening of this.#kept.splice(0)) deliver(happening);
    this.#deliver = deliver;
    this.#letPeersGoOn();
  }

  stop(): void {
    this.#stop();
    this.#kept.length = 0;
    this.#letPeersGoOn();
  }

  #happened(event: EndpointEvent): void {
    if (eventNameOf(event) === undefined) return;
    const missed = event.kind === 'refused' ? this.#sample() : undefined;
    if (missed === 'skip') return;
    const { topic } = this.source;
    const happening = missed === undefined ? { event, topic } : { event, topic, missed };
    if (this.#deliver !== undefined) {
      this.#deliver(happening);
      return;
    }
    if (this.#kept.length < MAX_KEPT) this.#kept.push(happening);
    if (event.kind === 'connect' && event.arrival !== undefined) this.#pausePeer(event.arrival);
  }

  #pausePeer(arrival: Arrival): void {
    arrival.pause();
    this.#paused.add(arrival);
    this.#pauseTimer ??= setTimeout(() => this.#letPeersGoOn(), MAX_PAUSE_MS).unref();
  }

  #letPeersGoOn(): void {
    clearTimeout(this.#pauseTimer);
    this.#pauseTimer = undefined;
    for (const arrival of this.#paused) arrival.resume();
    this.#paused.clear();
  }
}
