import { Attempt, type AttemptSettings } from './attempt.js';
import { type ConnectionEnd, type Next, wordOf } from './connection-end.js';
import type { ConnectionHandlers } from './connection-handlers.js';
import { Overlap } from './overlap.js';
import type { Peer } from './peer.js';
import { Renewal } from './renewal.js';
import type { Retry } from './retry.js';
import type { Supplied, Token, TokenSupply } from './token-supply.js';

/** Times in milliseconds. */
export interface LineSettings extends AttemptSettings {
  readonly tokens: TokenSupply;
  /** Whether a second connection takes over before the token of the first expires. */
  readonly takesOver: boolean;
  readonly reconnects: boolean;
  readonly maxBackoffMs: number;
}

/** Told of what becomes of the connections. */
export interface LineHandlers extends Pick<ConnectionHandlers, 'opened' | 'received' | 'failed'> {
  /** The connection in use is gone; what comes next is not decided yet. */
  lost(): void;
  /** The only connection is ready to send on, all that was sent on the one before it included. */
  ready(peer: Peer): void;
  ended(end: ConnectionEnd, next: Next): void;
  /** There is no newer token, or the server does not take it; the connection stays. `reason` is a word or two. */
  renewalFailed(reason: string): void;
}

/** A connection to one server that comes back, shows newer tokens in time, and is taken over by another where it has to be. */
export class Line {
  readonly #settings: LineSettings;
  readonly #retry: Retry;
  readonly #handlers: LineHandlers;
  readonly #renewal: Renewal;
  /** The connection in use, or the attempt to have one. */
  #main: Attempt | undefined;
  #peer: Peer | undefined;
  /** Is to take over once it is open. */
  #successor: Attempt | undefined;
  /** Was taken over, and delivers what is still on the way. */
  #predecessor: Attempt | undefined;
  #overlap: Overlap | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(settings: LineSettings, retry: Retry, handlers: LineHandlers) {
    this.#settings = settings;
    this.#retry = retry;
    this.#handlers = handlers;
    this.#renewal = new Renewal(settings.tokens, settings.maxBackoffMs, {
      use: (token) => this.#renew(token),
      failed: (reason) => this.#handlers.renewalFailed(reason),
    });
  }

  /** The open connection that is in use. */
  get peer(): Peer | undefined {
    return this.#peer;
  }

  /** Whether what is sent now might arrive before what was sent on the connection before. */
  get isTakingOver(): boolean {
    return this.#predecessor !== undefined;
  }

  /** Connects now, unless it has, or is about to. */
  open(): void {
    if (this.#main !== undefined || this.#isClosed) return;
    clearTimeout(this.#timer);
    this.#main = this.#attempt(this.#settings.tokens.next());
  }

  /** Lets go of the server for good; resolves when no socket and no timer is left. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#peer = undefined;
    clearTimeout(this.#timer);
    this.#renewal.stop();
    this.#settings.tokens.close();
    await Promise.all([this.#main, this.#successor, this.#predecessor].map((one) => one?.close()));
  }

  #attempt(supplied: Supplied | Promise<Supplied>): Attempt {
    const attempt: Attempt = new Attempt(supplied, this.#settings, {
      opened: (peer) => this.#opened(attempt, peer),
      received: (data, isBinary, origin) => {
        if (this.#isNew(attempt, data, isBinary)) this.#handlers.received(data, isBinary, origin);
      },
      loggedIn: (expiresIn) => this.#loggedIn(attempt, expiresIn),
      loginRefused: (code) => {
        this.#refused(attempt);
        this.#renewal.failed(code);
      },
      expiring: () => this.#renewal.now(),
      failed: (session) => {
        if (!this.#isClosed) this.#handlers.failed(session);
      },
      ended: (end) => this.#ended(attempt, end),
    });
    return attempt;
  }

  #opened(attempt: Attempt, peer: Peer): void {
    if (this.#isClosed) return;
    const before = this.#peer;
    if (attempt === this.#successor) {
      this.#predecessor = this.#main;
      this.#main = attempt;
      this.#successor = undefined;
    }
    this.#peer = peer;
    if (this.#settings.takesOver && attempt.token.kind === 'token') {
      this.#renewal.began(attempt.token, attempt.token.obtainedAtMs, attempt.token.expiresAtMs);
    }
    this.#handlers.opened(peer);
    if (this.#isClosed) return;
    if (this.#overlap !== undefined) peer.pause(); // until the old one has delivered all it has
    before?.finish();
    if (this.#predecessor === undefined) this.#ready(peer);
  }

  #ready(peer: Peer): void {
    const overlap = this.#overlap;
    if (overlap !== undefined) {
      peer.resume(() => {
        if (this.#overlap === overlap) this.#overlap = undefined;
      });
    }
    this.#handlers.ready(peer);
  }

  /** Whether the message was not delivered already. */
  #isNew(attempt: Attempt, data: Buffer, isBinary: boolean): boolean {
    const overlap = this.#overlap;
    if (overlap === undefined) return true;
    const isOld = attempt === this.#predecessor || this.#successor !== undefined;
    if (!isOld) return !overlap.repeats(data, isBinary);
    overlap.delivered(data, isBinary);
    return true;
  }

  #loggedIn(attempt: Attempt, expiresIn: number | null): void {
    const nowMs = Date.now();
    const lifeMs = expiresIn === null ? Number.POSITIVE_INFINITY : expiresIn * 1000;
    this.#renewal.began(attempt.token, nowMs, nowMs + lifeMs);
  }

  #renew(token: Token): void {
    if (this.#peer === undefined) return;
    if (!this.#settings.takesOver) {
      this.#main?.show(token);
    } else if (this.#successor === undefined) {
      this.#overlap = new Overlap();
      this.#successor = this.#attempt(token);
    }
  }

  #refused({ token }: Attempt): void {
    if (token.kind === 'token') this.#settings.tokens.refused(token.text);
  }

  #ended(attempt: Attempt, end: ConnectionEnd): void {
    if (this.#isClosed) return;
    if (end.isTokenRefused) this.#refused(attempt);
    if (attempt === this.#predecessor) {
      this.#predecessor = undefined;
      if (this.#peer !== undefined) this.#ready(this.#peer);
      this.#handlers.ended(end, { kind: 'taken-over' });
    } else if (attempt === this.#successor) {
      this.#successor = undefined;
      this.#overlap = undefined;
      this.#renewal.failed(wordOf(end), end.retryAfterMs);
    } else if (attempt === this.#main) {
      this.#lost(end);
    }
  }

  #lost(end: ConnectionEnd): void {
    this.#peer = undefined;
    this.#renewal.stop();
    this.#main = this.#successor;
    this.#successor = undefined;
    if (this.#main !== undefined) {
      this.#handlers.ended(end, { kind: 'retry', inMs: 0 });
      return;
    }
    this.#overlap = undefined;
    this.#handlers.lost();
    this.#handlers.ended(end, this.#next(end));
  }

  #next(end: ConnectionEnd): Next {
    if (!this.#settings.reconnects) return { kind: 'nothing' };
    const inMs = this.#retry.waitMs(end, this.#settings.tokens.kind === 'same');
    this.#timer = setTimeout(() => this.open(), inMs);
    return { kind: 'retry', inMs };
  }
}
