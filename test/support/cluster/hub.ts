import type {
  OpenTransport,
  Transport,
  TransportEvents,
  TransportState,
} from '../../../src/cluster/transport.js';
import type { Passed } from './broker.js';

/** What a broker would be at its best, without one: all hear all they want, at once and in order. */
export class Hub {
  /** How often everything is passed on. */
  copies = 1;
  /** What there is for everybody, without end, whenever there is nothing else. */
  junk: (() => Passed) | undefined;
  /** How many messages were handed to a member. */
  read = 0;
  /** Everything that members have published, in order. */
  readonly passed: Passed[] = [];
  readonly #members = new Set<Member>();

  readonly open: OpenTransport = (first, events) => {
    const member = new Member(this, first, events);
    this.#members.add(member);
    return member;
  };

  /** Begins to pass on junk. */
  flood(junk: () => Passed): void {
    this.junk = junk;
    for (const member of this.#members) member.pump();
  }

  pass(message: Passed): void {
    this.passed.push(message);
    for (const member of this.#members) member.hear(message, this.copies);
  }

  /** A topic that some member wants, and that ends so. */
  wanted(end: string): string {
    for (const { wanted } of this.#members) for (const topic of wanted) if (topic.endsWith(end)) return topic;
    throw new Error(`nobody wants ${end}`);
  }

  gone(member: Member): void {
    this.#members.delete(member);
  }
}

class Member implements Transport {
  readonly isComplete = true;
  readonly wanted: Set<string>;
  readonly #hub: Hub;
  readonly #events: TransportEvents;
  readonly #unread: Passed[] = [];
  #state: TransportState = { kind: 'connecting' };
  #isReading = false;

  constructor(hub: Hub, first: readonly string[], events: TransportEvents) {
    this.#hub = hub;
    this.#events = events;
    this.wanted = new Set(first);
    setImmediate(() => {
      this.#state = { kind: 'open' };
      events.connected();
      events.changed(this.#state);
    });
  }

  get state(): TransportState {
    return this.#state;
  }

  publish(topic: string, payload: Buffer): 'sent' {
    this.#hub.pass({ topic, payload });
    return 'sent';
  }

  want(topic: string): Promise<void> {
    this.wanted.add(topic);
    return Promise.resolve();
  }

  unwant(topic: string): void {
    this.wanted.delete(topic);
  }

  close(): Promise<void> {
    this.#state = { kind: 'down', reason: 'closed' };
    this.#hub.gone(this);
    return Promise.resolve();
  }

  hear(message: Passed, copies: number): void {
    if (!this.wanted.has(message.topic)) return;
    for (let i = 0; i < copies; i += 1) this.#unread.push(message);
    setImmediate(() => this.pump()); // never before `publish` has returned
  }

  pump(): void {
    if (this.#isReading || this.#state.kind === 'down') return;
    const message = this.#unread.shift() ?? this.#hub.junk?.();
    if (message === undefined) return;
    this.#isReading = true;
    this.#hub.read += 1;
    this.#events.message(message.topic, message.payload, () => {
      setImmediate(() => {
        this.#isReading = false;
        this.pump();
      });
    });
  }
}
