import { type Envelope, type Outgoing, readEnvelope, writeEnvelope } from './envelope.js';
import { Intake } from './intake.js';
import type { ClusterKeys } from './keys.js';
import { Opener } from './opener.js';
import { OwnBeats } from './own-beats.js';
import { Sealer } from './sealer.js';
import type { OpenTransport, Published, Transport, TransportState } from './transport.js';

/** How a member is connected to the others. */
export type BusState =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'up' }
  /**
   * `reason` is one word: the transport's, `unheard` where what we send does not come back, or `flooded` where so much comes
   * that no member has sent that most of it is not read, and with it what members send.
   */
  | { readonly kind: 'down'; readonly reason: string };

/** What a bus tells. */
export interface BusEvents {
  changed(state: BusState): void;
  /** @param offMs how far the sender's clock is ahead of ours, in milliseconds; negative: behind */
  received(topic: string, envelope: Envelope, offMs: number): void;
  /** A member's clock is so far off that its messages are not taken. */
  offClock(offMs: number): void;
  /** Whether there is enough to do already: no more is read then, until `resume`. */
  isBusy(): boolean;
  /** Says what our heartbeat says. @param isReady whether we hear all that is for us */
  beat(isReady: boolean): Outgoing;
  /** There is a new connection. */
  connected(): void;
  /** Whether those who were there before an outage are there again: until then it is not over. */
  areOthersBack(): boolean;
}

/** Times in milliseconds. */
export interface BusTiming {
  /** Our own heartbeat has to come back within this time. */
  readonly unheardMs: number;
  /** The clock that members are to agree on, since the epoch of POSIX. */
  now(): number;
}

/** Sealed messages over a transport. It is up only while we hear ourselves, and once
 * those are back who were there before: a connection alone says little. */
export class Bus {
  readonly #keys: ClusterKeys;
  readonly #all: string;
  readonly #events: BusEvents;
  readonly #timing: BusTiming;
  readonly #opener: Opener;
  readonly #intake: Intake;
  readonly #transport: Transport;
  readonly #beats = new OwnBeats();
  #sealer: Sealer;
  #state: BusState = { kind: 'connecting' };
  /** When we heard ourselves, or began to listen; monotonic. */
  #heardMs = 0;
  #isHeard = false;
  #isFlooded = false;

  /**
   * @param all the topic of what concerns all members
   * @param own the topic of what is for us alone
   */
  constructor(
    keys: ClusterKeys,
    { all, own }: { readonly all: string; readonly own: string },
    openTransport: OpenTransport,
    events: BusEvents,
    timing: BusTiming,
  ) {
    this.#keys = keys;
    this.#all = all;
    this.#events = events;
    this.#timing = timing;
    this.#opener = new Opener(keys, timing.now);
    this.#intake = new Intake(() => events.isBusy());
    this.#sealer = this.#newSealer();
    this.#transport = openTransport([own, all], {
      connected: () => {
        events.connected();
        this.#isHeard = false;
        this.#sealer = this.#newSealer();
        this.#beats.clear();
        this.#intake.reset();
      },
      changed: (state) => this.#transportChanged(state),
      message: (...message) => this.#receive(...message),
    });
  }

  get state(): BusState {
    return this.#state;
  }

  /** Whether what we say comes back to us: then others are heard, too. */
  get isHeard(): boolean {
    return this.#isHeard;
  }

  /** Also what will not arrive is `sent`, once it has left. */
  publish(topic: string, envelope: Outgoing): Published {
    if (this.#transport.state.kind !== 'open') return 'down';
    return this.#transport.publish(topic, this.#sealer.seal(topic, ...writeEnvelope(envelope)));
  }

  want(topic: string): Promise<void> {
    return this.#transport.want(topic);
  }

  unwant(topic: string): void {
    this.#transport.unwant(topic);
  }

  /** Says that we are there, and looks whether we were heard. */
  beat(): void {
    if (this.#transport.state.kind !== 'open') return;
    this.#look(performance.now());
    this.#reconsider();
    const sealed = this.#sealer.seal(
      this.#all,
      ...writeEnvelope(this.#events.beat(this.#transport.isComplete)),
    );
    if (this.#transport.publish(this.#all, sealed) === 'sent') this.#beats.sent(sealed);
  }

  /** Reads on, where that was put off and there is less to do now. */
  resume(): void {
    this.#intake.resume();
  }

  close(): Promise<void> {
    this.#intake.reset();
    return this.#transport.close();
  }

  #newSealer(): Sealer {
    const sealer = new Sealer(this.#keys, this.#timing.now);
    this.#opener.own = sealer;
    return sealer;
  }

  #transportChanged(state: TransportState): void {
    if (state.kind === 'open') {
      this.#heardMs = performance.now();
      this.beat();
    } else {
      this.#isHeard = false;
      this.#change(state);
    }
  }

  #receive(topic: string, sealed: Buffer, next: () => void): void {
    const opened = this.#opener.open(topic, sealed, topic === this.#all);
    if (opened.kind === 'opened') this.#opened(topic, opened);
    else if (opened.kind === 'off-clock') this.#events.offClock(opened.offMs);
    else if (opened.kind === 'own' && topic === this.#all) this.#heard(sealed);
    this.#intake.read(opened.kind === 'opened' || (opened.kind === 'own' && opened.isEcho), next);
  }

  /** What comes late because of a flood is not unheard yet. */
  #look(nowMs: number): void {
    this.#isFlooded = this.#intake.isFlooded(nowMs);
    if (this.#isFlooded) this.#heardMs = nowMs;
    else if (nowMs - this.#heardMs <= this.#timing.unheardMs) return;
    this.#isHeard = false;
    this.#change({ kind: 'down', reason: this.#isFlooded ? 'flooded' : 'unheard' });
  }

  #opened(topic: string, { body, sentMs }: { readonly body: Buffer; readonly sentMs: number }): void {
    const envelope = readEnvelope(body);
    if (envelope === undefined) return;
    this.#events.received(topic, envelope, sentMs - this.#timing.now());
    if (envelope.kind === 'beat') this.#reconsider();
  }

  #heard(sealed: Buffer): void {
    if (!this.#beats.isBack(sealed)) return;
    this.#heardMs = performance.now();
    this.#isHeard = true;
    this.#reconsider();
  }

  #reconsider(): void {
    const isHeard = this.#transport.state.kind === 'open' && this.#isHeard && !this.#isFlooded;
    if (isHeard && this.#events.areOthersBack()) this.#change({ kind: 'up' });
  }

  #change(state: BusState): void {
    const before = this.#state;
    this.#state = state;
    if (before.kind === state.kind && reasonOf(before) === reasonOf(state)) return;
    this.#events.changed(state);
  }
}

function reasonOf(state: BusState): string | undefined {
  return state.kind === 'down' ? state.reason : undefined;
}
