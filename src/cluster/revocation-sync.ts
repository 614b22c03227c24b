import { setImmediate } from 'node:timers/promises';
import type { Envelope, Outgoing } from './envelope.js';
import type { TopicNames } from './names.js';
import { piecesOf, readPiece } from './pieces.js';
import type { SharedRevocations } from './place.js';
import { horizonAt, MARKS_BYTES, type Mark, RevocationMarks } from './revocation-marks.js';
import type { Published } from './transport.js';

/** What instances compare revocations with. */
export interface SyncHost {
  readonly instance: string;
  readonly names: TopicNames;
  /** Milliseconds since the epoch of POSIX. */
  now(): number;
  publish(topic: string, envelope: Outgoing): Published;
}

/** After so many milliseconds without a word the other one has nothing more to say. */
const QUIET_MS = 1000;

/** Before a comparison that has led to nothing is made again, in milliseconds: what is full stays different. */
const AGAIN_MS = 30_000;

/** Horizons further away than this are nobody's, in milliseconds. */
const MAX_HORIZON_MS = 600_000;

/** From one question of a member to its next, in milliseconds. */
const PAUSE_MS = 20;

/** Members that are remembered: as many as there may be. */
const MAX_PARTNERS = 256;

interface Partner {
  /** Whether all was compared, to the last second, since it is there. */
  isCompared: boolean;
  /** What was compared last, theirs and ours, and when. */
  pair: string;
  comparedMs: number;
  /** When it asked last. Times are monotonic. */
  askedMs: number;
}

/** A comparison under way. */
interface Exchange {
  readonly instance: string;
  /** What is compared, where we have asked and have no answer yet. */
  readonly asked: string | undefined;
  /** When there was the last word; monotonic. */
  lastMs: number;
}

/**
 * Makes the revocations of a listener the same on all instances, whatever was lost and whoever was away: heartbeats say
 * in short what each has, and where that differs two compare it, bucket by bucket, and send each other what they have in
 * those that differ. With one other at a time: who comes back would be sent the same by all.
 */
export class RevocationSync {
  readonly #shared: SharedRevocations;
  readonly #host: SyncHost;
  readonly #marks: RevocationMarks;
  readonly #partners = new Map<string, Partner>();
  #exchange: Exchange | undefined;
  #isClosed = false;

  constructor(shared: SharedRevocations, host: SyncHost) {
    this.#shared = shared;
    this.#host = host;
    this.#marks = new RevocationMarks(shared);
  }

  /** What heartbeats say; undefined while it is not known. */
  mark(): Mark | undefined {
    if (!this.#shared.areKnown) return undefined;
    const horizon = horizonAt(this.#host.now());
    return { horizon, digest: this.#marks.digest(horizon) };
  }

  /** A member has said what it has. */
  heard(instance: string, mark: Mark | undefined): void {
    if (mark === undefined || !this.#shared.areKnown) return;
    const partner = this.#partnerOf(instance);
    const now = this.#host.now();
    if (partner?.isCompared !== true) {
      this.#compare(instance, now, '');
      return;
    }
    if (Math.abs(mark.horizon - now) > MAX_HORIZON_MS) return;
    const own = this.#marks.digest(mark.horizon);
    const pair = `${own} ${mark.digest}`;
    const isAgain = pair === partner.pair && performance.now() - partner.comparedMs < AGAIN_MS;
    if (own !== mark.digest && !isAgain) this.#compare(instance, mark.horizon, pair);
  }

  /** Takes what a member says to us alone: its marks or what it has. */
  received(instance: string, { kind, head: { horizon, isAnswer, isLast }, payload }: Envelope): void {
    if (!this.#shared.areKnown) return;
    if (kind === 'revocations') this.#learn(instance, payload, isLast === true);
    else if (payload.length !== MARKS_BYTES || typeof horizon !== 'number') return;
    else if (Math.abs(horizon - this.#host.now()) > MAX_HORIZON_MS) return;
    else if (isAnswer === true) this.#answered(instance, horizon, payload);
    else this.#asked(instance, horizon, payload);
  }

  /** Something may have been missed: everybody is compared with anew. */
  reconnected(): void {
    this.#partners.clear();
    this.#exchange = undefined;
  }

  /** Forgets those that are gone: they are compared with anew when they are back. */
  keep(instances: readonly string[]): void {
    for (const known of this.#partners.keys()) if (!instances.includes(known)) this.#partners.delete(known);
  }

  close(): void {
    this.#isClosed = true;
  }

  #compare(instance: string, horizon: number, pair: string): void {
    if (this.#isEngaged()) return; // with the next heartbeat
    this.#exchange = { instance, asked: pair, lastMs: performance.now() };
    this.#tellMarks(instance, horizon, false);
  }

  /** @param marks what the other one has */
  #asked(instance: string, horizon: number, marks: Buffer): void {
    const now = performance.now();
    const partner = this.#partnerOf(instance);
    if (partner === undefined || now - partner.askedMs < PAUSE_MS) return;
    if (this.#isEngaged()) {
      if (this.#exchange?.instance !== instance) return;
      // both have asked: one question is enough
      if (this.#exchange.asked !== undefined && this.#host.instance < instance) return;
    }
    partner.askedMs = now;
    this.#exchange = { instance, asked: undefined, lastMs: now };
    this.#tellMarks(instance, horizon, true);
    this.#tellDiffering(instance, horizon, marks);
  }

  #answered(instance: string, horizon: number, marks: Buffer): void {
    const pair = this.#exchange?.instance === instance ? this.#exchange.asked : undefined;
    const partner = this.#partnerOf(instance);
    if (pair === undefined || partner === undefined) return;
    const now = performance.now();
    Object.assign(partner, { isCompared: true, pair, comparedMs: now });
    this.#exchange = { instance, asked: undefined, lastMs: now };
    this.#tellDiffering(instance, horizon, marks);
  }

  #learn(instance: string, payload: Buffer, isLast: boolean): void {
    if (this.#exchange?.instance !== instance) return;
    const entries = readPiece(payload);
    if (entries === undefined) return;
    this.#exchange.lastMs = performance.now();
    this.#shared.learn(entries);
    if (isLast) this.#exchange = undefined;
  }

  #tellMarks(instance: string, horizon: number, isAnswer: boolean): void {
    const head = { instance: this.#host.instance, horizon, isAnswer };
    const payload = this.#marks.of(horizon);
    this.#host.publish(this.#host.names.toInstance(instance), { kind: 'marks', head, payload });
  }

  #tellDiffering(instance: string, horizon: number, marks: Buffer): void {
    if (this.#marks.of(horizon).equals(marks)) this.#exchange = undefined;
    else void this.#tell(instance, this.#marks.differing(horizon, marks));
  }

  /** Others have their turn between two pieces; what cannot be sent now is found to differ again. */
  async #tell(other: string, entries: readonly unknown[]): Promise<void> {
    const { instance, names } = this.#host;
    const topic = names.toInstance(other);
    for (const { payload, isLast } of piecesOf(entries)) {
      if (this.#isClosed) return;
      const head = { instance, isLast };
      if (this.#host.publish(topic, { kind: 'revocations', head, payload }) !== 'sent') return;
      if (this.#exchange?.instance === other) this.#exchange.lastMs = performance.now();
      await setImmediate();
    }
  }

  #isEngaged(): boolean {
    if (this.#exchange === undefined) return false;
    if (performance.now() - this.#exchange.lastMs < QUIET_MS) return true;
    this.#exchange = undefined;
    return false;
  }

  /** Undefined where there are too many. */
  #partnerOf(instance: string): Partner | undefined {
    const known = this.#partners.get(instance);
    if (known !== undefined || this.#partners.size >= MAX_PARTNERS) return known;
    const partner = { isCompared: false, pair: '', comparedMs: 0, askedMs: Number.NEGATIVE_INFINITY };
    this.#partners.set(instance, partner);
    return partner;
  }
}
