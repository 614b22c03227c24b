import { readUpgradeHeaders } from './client-headers.js';
import { CLIENT_SCHEMA, CLIENT_SCHEMA_WITHOUT_URL, type TokenPlacement } from './client-schema.js';
import { ConfigurationError } from './codes.js';
import type { Environment } from './embedded-variables.js';
import { urlProblem } from './peer-url.js';
import { type RawProperties, readProperties, type Values } from './schema.js';

type ClientValues = Values<typeof CLIENT_SCHEMA>;

/** The credentials of a client, by their names. */
export interface ClientCredentials {
  readonly jwt?: unknown;
  readonly clientId?: unknown;
  readonly clientSecret?: unknown;
}

/** How a client gets a token with its own credentials (RFC 6749 §4.4). All of it is for the token endpoint alone. */
export interface TokenGrant {
  readonly tokenUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** RFC 6749 §2.3.1: in the field Authorization, or in the body. */
  readonly clientAuth: 'basic' | 'post';
  /** Empty: not sent. */
  readonly scope: string;
  /** Empty: not sent. */
  readonly audience: string;
}

/** A named value outside of the flow file, read anew for every attempt. */
export interface TokenVariable {
  readonly type: 'env' | 'global';
  readonly name: string;
}

/** Where a client's token comes from. */
export type TokenOrigin =
  | { readonly kind: 'none' }
  | { readonly kind: 'fixed'; readonly token: string }
  | { readonly kind: 'variable'; readonly variable: TokenVariable }
  | { readonly kind: 'grant'; readonly grant: TokenGrant };

/** Where a client connects. */
export type Address = { readonly kind: 'url'; readonly url: string } | { readonly kind: 'told-by-flow' };

/** What becomes of messages while there is no connection. Times in milliseconds. */
export type Waiting =
  | { readonly kind: 'refused' }
  | { readonly kind: 'kept'; readonly maxMessages: number; readonly maxAgeMs: number };

/** A client's configuration, checked. Times in milliseconds; URL, headers and token are secrets, for the server alone. */
export interface ClientOptions {
  readonly address: Address;
  readonly token: TokenOrigin;
  readonly placement: TokenPlacement;
  /** Whether a second connection takes over before a token of a grant expires. */
  readonly takesOver: boolean;
  readonly wholeMessage: boolean;
  readonly subprotocols: readonly string[];
  readonly headers: Readonly<Record<string, string>>;
  readonly waiting: Waiting;
  /** How often to ping the server; undefined: never. */
  readonly heartbeatMs?: number;
  readonly reconnects: boolean;
  readonly maxBackoffMs: number;
  readonly handshakeTimeoutMs: number;
  /** The largest message the server may send, in bytes. */
  readonly maxPayload: number;
}

/** Past this setInterval fires every millisecond. */
const MAX_INTERVAL_MS = 2 ** 31 - 1;

/** What an empty field means, in seconds. */
const DEFAULTS = { maxBackoff: 30, handshakeTimeout: 10 };

/**
 * Reads the properties of a `websocket-plus-client`.
 * @param environment gives the values of headers that are of type `env`, and the variables inside of longer texts
 * @param isToldByFlow whether a flow says where to connect, so that the URL may be left out
 * @throws ConfigurationError
 */
export function parseClientOptions(
  raw: RawProperties,
  { jwt, clientId, clientSecret }: ClientCredentials,
  environment: Environment = () => undefined,
  isToldByFlow = false,
): ClientOptions {
  const schema = isToldByFlow ? CLIENT_SCHEMA_WITHOUT_URL : CLIENT_SCHEMA;
  const values = readProperties(schema, { ...raw, jwt, clientId, clientSecret }, environment);
  const placement = values.tokenPlacement;
  return {
    address: values.path === '' ? { kind: 'told-by-flow' } : { kind: 'url', url: withoutHash(values.path) },
    token: originOf(values),
    placement,
    takesOver: values.authMode === 'oauth2' && placement !== 'message' && values.renew === 'on',
    wholeMessage: values.wholemsg,
    subprotocols: values.subprotocol,
    headers: readUpgradeHeaders(values.headers, environment),
    waiting: waitingOf(values),
    ...(values.hb ? { heartbeatMs: Math.min(values.hb * 1000, MAX_INTERVAL_MS) } : {}),
    reconnects: values.reconnect,
    maxBackoffMs: (values.maxBackoff ?? DEFAULTS.maxBackoff) * 1000,
    handshakeTimeoutMs: (values.handshakeTimeout ?? DEFAULTS.handshakeTimeout) * 1000,
    maxPayload: values.maxPayload,
  };
}

/**
 * Checks a URL that a flow gives a client, and says how it is used.
 * @throws ConfigurationError
 */
export function checkedUrl(url: string, { token, placement }: ClientOptions): string {
  const problem = urlProblem(url, token.kind !== 'none' && placement === 'query');
  if (problem !== undefined) throw new ConfigurationError(problem);
  return withoutHash(url);
}

/** A `#` with nothing behind it is no fragment, and not sent. */
function withoutHash(text: string): string {
  const url = new URL(text);
  url.hash = '';
  return url.href;
}

function originOf(values: ClientValues): TokenOrigin {
  switch (values.authMode) {
    case 'none':
      return { kind: 'none' };
    case 'jwt':
      return { kind: 'fixed', token: values.jwt };
    case 'value':
      return { kind: 'variable', variable: { type: values.tokenType, name: values.tokenValue } };
    case 'oauth2': {
      const { tokenUrl, clientId, clientSecret, clientAuth, scope, audience } = values;
      return { kind: 'grant', grant: { tokenUrl, clientId, clientSecret, clientAuth, scope, audience } };
    }
  }
}

function waitingOf({ queue = 0, queueSeconds = Number.POSITIVE_INFINITY }: ClientValues): Waiting {
  if (queue === 0) return { kind: 'refused' };
  return { kind: 'kept', maxMessages: queue, maxAgeMs: queueSeconds * 1000 };
}
