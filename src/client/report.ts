import { coalesce } from '../events/coalesce.js';
import type { EndpointState } from '../events/events.js';
import type { ObservedState } from '../events/state.js';
import { type ConnectionEnd, type Next, reasonInCode, wordOf } from './connection-end.js';
import type { Peer } from './peer.js';

/** Nobody reads faster how many messages wait, in milliseconds. */
const PERIOD_MS = 250;

/** RFC 6455 §7.4.1: this end is going away, and no close frame at all. */
const CLOSE = { goingAway: 1001, none: 1006 };

type Down = Extract<EndpointState, { kind: 'failed' | 'disconnected' | 'closed' }>;

/** What a client tells of itself: its state, and what happens to its connections. */
export class Report {
  readonly #state: ObservedState;
  readonly #waiting: () => number;
  /** How many attempts have failed since there was a connection. */
  #attempts = 0;
  readonly #counts = coalesce<undefined>(
    PERIOD_MS,
    () => this.#showWaiting(),
    () => true,
  );

  /** @param waiting how many messages wait */
  constructor(state: ObservedState, waiting: () => number) {
    this.#state = state;
    this.#waiting = waiting;
  }

  opened(peer: Peer): void {
    this.#attempts = 0;
    const { protocol } = peer;
    this.#state.change({
      kind: 'connect',
      state: { kind: 'connected' },
      session: peer.session(),
      ...(protocol === '' ? {} : { protocol }),
    });
  }

  /** @returns why, in a word */
  ended(end: ConnectionEnd, next: Next): string {
    const { session, usage, closeCode, reason } = end;
    const word = wordOf(end);
    const retry = next.kind === 'retry' ? { retryInMs: Math.round(next.inMs) } : {};
    const state = next.kind === 'taken-over' ? this.#state.current : this.#stateAfter(end);
    if (session === undefined || usage === undefined) {
      this.#attempts += 1;
      this.#state.change({ kind: 'error', state });
      this.#state.emit({ kind: 'failed', reason: word, attempt: this.#attempts, ...retry });
    } else {
      const code = closeCode ?? CLOSE.none;
      const why = reason === undefined ? {} : { reason };
      this.#state.change({ kind: 'disconnect', state, session, code, ...why, departure: usage, ...retry });
    }
    return word;
  }

  /** This end lets go of the connection, if there is one. */
  closed(peer: Peer | undefined): void {
    const state = this.#counted({ kind: 'closed' });
    if (peer === undefined) {
      this.#state.change({ kind: 'state', state });
      return;
    }
    const session = peer.session();
    const code = CLOSE.goingAway;
    this.#state.change({ kind: 'disconnect', state, session, code, departure: peer.usage });
  }

  /** More or fewer messages wait than before. */
  waitingChanged(): void {
    if ('waiting' in this.#state.current || this.#waiting() > 0) this.#counts.push(undefined);
  }

  stop(): void {
    this.#counts.stop();
  }

  #stateAfter({ reason, closeCode }: ConnectionEnd): EndpointState {
    const word = reason ?? reasonInCode(closeCode);
    return this.#counted(word === undefined ? { kind: 'disconnected' } : { kind: 'failed', reason: word });
  }

  #showWaiting(): void {
    const { current } = this.#state;
    if (current.kind === 'failed' || current.kind === 'disconnected' || current.kind === 'closed')
      this.#state.change({ kind: 'state', state: this.#counted(current) });
  }

  #counted(state: Down): EndpointState {
    const { waiting: _before, ...rest } = state;
    const count = this.#waiting();
    return count === 0 ? rest : { ...rest, waiting: count };
  }
}
