import type { TokenGrant } from '../config/client-options.js';
import { requestToken } from './token-request.js';
import type { Route, Token, TokenSupply } from './token-supply.js';

/** A token that is about to expire is not shown any more: the handshake takes time, and clocks differ. */
const MARGIN_MS = 30_000;

/** The tokens that a client gets with its own credentials (RFC 6749 §4.4). */
export class GrantedTokens implements TokenSupply {
  readonly kind = 'changing';
  readonly #grant: TokenGrant;
  readonly #route: (url: string) => Route;
  readonly #now: () => number;
  readonly #closing = new AbortController();
  #kept: Token | undefined;
  /** At most one at a time, whoever asks. */
  #request: Promise<Token> | undefined;
  /** The latest that a server did not take: each is dropped once, however often an endpoint gives it again. */
  #dropped = '';

  constructor(grant: TokenGrant, route: (url: string) => Route, now: () => number = Date.now) {
    this.#grant = grant;
    this.#route = route;
    this.#now = now;
  }

  next(): Token | Promise<Token> {
    return this.#usable() ?? this.#ask();
  }

  async newer(than: string): Promise<Token> {
    const kept = this.#usable();
    return kept === undefined || kept.text === than ? this.#ask() : kept;
  }

  refused(token: string): void {
    if (this.#kept?.text !== token || this.#dropped === token) return;
    this.#dropped = token;
    this.#kept = undefined;
  }

  close(): void {
    this.#closing.abort();
  }

  #usable(): Token | undefined {
    const kept = this.#kept;
    return kept !== undefined && kept.expiresAtMs - MARGIN_MS > this.#now() ? kept : undefined;
  }

  #ask(): Promise<Token> {
    this.#request ??= this.#fetch().finally(() => {
      this.#request = undefined;
    });
    return this.#request;
  }

  async #fetch(): Promise<Token> {
    const route = this.#route(this.#grant.tokenUrl);
    const token = await requestToken(this.#grant, route, this.#closing.signal, this.#now);
    this.#kept = token;
    return token;
  }
}
