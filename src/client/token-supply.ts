import type { ConnectionOptions } from 'node:tls';
import type { TokenVariable } from '../config/client-options.js';

/** A token, and what is known of its end. Times in milliseconds since the epoch. */
export interface Token {
  readonly kind: 'token';
  readonly text: string;
  readonly obtainedAtMs: number;
  /** Infinity: not known, or never. */
  readonly expiresAtMs: number;
}

/** What an attempt to connect shows. */
export type Supplied = Token | { readonly kind: 'none' };

/** Where the tokens of one client come from. */
export interface TokenSupply {
  /** Whether it gives no token, always the same, or may give another one than before. */
  readonly kind: 'none' | 'same' | 'changing';
  /** What the next attempt shows; at once where that is known. @throws TokenFailure, by rejecting */
  next(): Supplied | Promise<Supplied>;
  /** A token that is newer than the one in use, or that one again where there is none. @throws TokenFailure, by rejecting */
  newer(than: string): Promise<Supplied>;
  /** The server did not take this token. */
  refused(token: string): void;
  /** Ends what is under way. */
  close(): void;
}

/** How a server is reached: both may hold secrets. */
export interface Route {
  /** For TLS with the server; of no effect without. */
  readonly tls: ConnectionOptions;
  readonly proxy: URL | undefined;
}

/** What a client asks of its surroundings. */
export interface ClientWorld {
  /** The way to a `ws:`, `wss:` or `https:` URL. @throws ConfigurationError */
  route(url: string): Route;
  /** Reads a variable of the surroundings, undefined where there is none. */
  readVariable(variable: TokenVariable): unknown;
}
