import type { EndpointEvent } from '../events/events.js';
import { REJECTIONS } from '../handshake/rejection.js';
import { CLOSE, type Ending } from '../sessions/endings.js';
import { BoundedCounts } from './bounded-counts.js';
import { closeCodeWord } from './close-code-word.js';
import { Durations } from './durations.js';

/** More than there are codes of ours: nothing of what is counted here is a peer's to choose. */
const MAX_WORDS = 64;

/** What has happened to one listener since it was made, in plain numbers. */
export class ListenerCounts {
  /** By `accepted`, or the code of the refusal. */
  readonly handshakes = new BoundedCounts(MAX_WORDS, ['accepted', ...Object.keys(REJECTIONS)]);
  /** Of accepted handshakes. */
  readonly handshakeTimes = new Durations();
  /** By close code. */
  readonly disconnects = new BoundedCounts(MAX_WORDS);
  /** By the code of the error. */
  readonly sendErrors = new BoundedCounts(MAX_WORDS);
  /** By `ok`, or the code of the error. */
  readonly keyFetches = new BoundedCounts(MAX_WORDS);
  #slowConsumers = 0;
  /** By their issuer: when keys were last fetched, in milliseconds since the epoch. */
  readonly #keysFetchedAt = new Map<string | undefined, number>();

  /** Peers that were closed because they did not read. */
  get slowConsumers(): number {
    return this.#slowConsumers;
  }

  /** How old the oldest keys are, in seconds; undefined where none were fetched. */
  keysAgeSeconds(now: number = Date.now()): number | undefined {
    if (this.#keysFetchedAt.size === 0) return undefined;
    return Math.max(0, now - Math.min(...this.#keysFetchedAt.values())) / 1000;
  }

  /** To be called with each event of the listener. */
  count(event: EndpointEvent): void {
    switch (event.kind) {
      case 'connect':
        this.handshakes.add('accepted');
        if (event.handshakeMs !== undefined) this.handshakeTimes.add(event.handshakeMs / 1000);
        return;
      case 'refused':
        this.handshakes.add(event.code);
        return;
      case 'disconnect':
        this.#ended(event);
        return;
      case 'send-failed':
        this.sendErrors.add(event.code);
        return;
      case 'keys-fetched':
        this.#keysFetchedAt.set(event.issuer, event.toldAgain ?? Date.now());
        if (event.toldAgain === undefined) this.keyFetches.add('ok');
        return;
      case 'keys-failed':
      case 'keys-failed-again':
        if (event.toldAgain === undefined) this.keyFetches.add(event.code);
        return;
    }
  }

  #ended({ by, code }: Partial<Pick<Ending, 'by' | 'code'>>): void {
    if (code === undefined) return;
    this.disconnects.add(closeCodeWord(code));
    if (by === CLOSE.slowConsumer.by && code === CLOSE.slowConsumer.code) this.#slowConsumers += 1;
  }
}
