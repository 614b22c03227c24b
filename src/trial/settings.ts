import type { IncomingHttpHeaders } from 'node:http';
import type { RevokedTokens } from '../handshake/revocable.js';
import type { Issuer } from '../keys/issuer.js';
import type { KeyRoute } from '../keys/key-request.js';
import type { RequestHead } from './request-head.js';

/** What every listener of a runtime shares, and what else stands in a request. */
export interface TrialSettings {
  /** As for the handshake. */
  readonly maxTokenBytes?: number | undefined;
  readonly keyRoute?: KeyRoute | undefined;
  /** How much of a request Node reads beside the token. */
  readonly head?: RequestHead | undefined;
  /** Where the page is that connects. */
  readonly page?: TriedPage | undefined;
  /** What of the user's own stands in settings.js. It is not asked: there is no request. */
  readonly own?: OwnChecks | undefined;
  /** Those that the listener names, in its order. */
  readonly issuers?: readonly TrialIssuer[] | undefined;
  /** What a running listener does not take any more; absent: nothing is known of that. */
  readonly revoked?: RevokedTokens | undefined;
  /** How long a function may look for a key, in milliseconds. */
  readonly handshakeTimeoutMs?: number | undefined;
}

/** The part of a request that says from which page it comes. */
export interface TriedPage {
  readonly origin: TriedOrigin;
  /** `Host` and what proxies write, for the origin `same`. */
  readonly headers: IncomingHttpHeaders;
  /** Proxies in front of the server. */
  readonly trustProxy: number;
}

/** What a request has for an origin. */
export type TriedOrigin =
  | { readonly kind: 'page'; readonly origin: string }
  /** That of a client that is no browser. */
  | { readonly kind: 'none' }
  /** Nobody has said. */
  | { readonly kind: 'unknown' };

export interface OwnChecks {
  readonly verifyClient: boolean;
  readonly middleware: boolean;
}

/** An issuer, and what people call it; empty where it has no name. */
export interface TrialIssuer {
  readonly name: string;
  readonly issuer: Issuer;
}

/** As long as a handshake with the settings that nobody has changed. */
export const DEFAULT_TIMEOUT_MS = 4500;
