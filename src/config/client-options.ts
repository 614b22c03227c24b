import { type Environment, parseUpgradeHeaders } from './client-headers.js';
import { urlProblem } from './peer-url.js';
import { ConfigurationError, choiceOf, isTrue, numberOf, type RawProperties, textOf } from './properties.js';

/** A client's configuration, checked. `url` and `headers` hold secrets: they are for the server alone. */
export interface ClientOptions {
  /** Where to connect, the token included. */
  readonly url: string;
  readonly wholeMessage: boolean;
  readonly subprotocols: readonly string[];
  readonly headers: Readonly<Record<string, string>>;
  /** How often to ping the server, in milliseconds; undefined: never. */
  readonly heartbeatMs?: number;
}

/** Past this setInterval fires every millisecond. */
const MAX_INTERVAL_MS = 2 ** 31 - 1;

/** RFC 6455 §4.1: a subprotocol is a token of RFC 9110 §5.6.2. */
const SUBPROTOCOL = /^[!#$%&'*+\-.^_`|~\w]+$/;

/**
 * Reads the properties of a `websocket-plus-client`.
 * @param environment gives the values of headers that are of type `env`
 * @throws ConfigurationError
 */
export function parseClientOptions(
  raw: RawProperties,
  jwt: unknown,
  environment: Environment = () => undefined,
): ClientOptions {
  const heartbeatSeconds = numberOf(raw.hb, 'heartbeat');
  return {
    url: parseUrl(raw, jwt),
    wholeMessage: isTrue(raw.wholemsg),
    subprotocols: parseSubprotocols(raw.subprotocol),
    headers: parseUpgradeHeaders(raw.headers, environment),
    ...(heartbeatSeconds ? { heartbeatMs: Math.min(heartbeatSeconds * 1000, MAX_INTERVAL_MS) } : {}),
  };
}

function parseUrl(raw: RawProperties, jwt: unknown): string {
  const text = textOf(raw.path, '', 'url-invalid').trim();
  const addsToken = choiceOf(raw.authMode, ['jwt', 'none'], 'auth-unknown') === 'jwt';
  const problem = urlProblem(text, addsToken);
  if (problem !== undefined) throw new ConfigurationError(problem);
  const url = new URL(text);
  url.hash = ''; // a `#` with nothing behind it
  return addsToken ? withToken(url, jwt) : url.href;
}

/** Appends the token; what the URL has of a query stays as it is spelt. */
function withToken(url: URL, jwt: unknown): string {
  const token = textOf(jwt, '', 'jwt-missing').trim();
  if (token === '') throw new ConfigurationError('jwt-missing');
  const base = url.search === '' ? `${url.href.replace(/\?$/, '')}?` : `${url.href}&`;
  // by way of UTF-8, because encodeURIComponent throws on half a surrogate pair
  return `${base}token=${encodeURIComponent(Buffer.from(token).toString())}`;
}

function parseSubprotocols(raw: unknown): readonly string[] {
  const names = textOf(raw, '', 'subprotocol')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  if (new Set(names).size !== names.length || !names.every((name) => SUBPROTOCOL.test(name))) {
    throw new ConfigurationError('subprotocol');
  }
  return names;
}
