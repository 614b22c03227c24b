import { readUpgradeHeaders } from './client-headers.js';
import { CLIENT_SCHEMA } from './client-schema.js';
import type { Environment } from './embedded-variables.js';
import { othersThan, type RawProperties, readProperties, type Values } from './schema.js';

type ClientValues = Values<typeof CLIENT_SCHEMA>;

/** The properties that the options tell in another form, or not at all. */
const TRANSLATED = [
  'name',
  'path',
  'tls',
  'subprotocol',
  'wholemsg',
  'authMode',
  'jwt',
  'hb',
  'headers',
] as const satisfies readonly (keyof ClientValues)[];

/** A client's configuration, checked; what is not named here is what the schema calls it: `maxPayload`, the largest
 * message the server may send, in bytes. `url` and `headers` hold secrets: they are for the server alone. */
export interface ClientOptions extends Omit<ClientValues, (typeof TRANSLATED)[number]> {
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

/**
 * Reads the properties of a `websocket-plus-client`.
 * @param environment gives the values of headers that are of type `env`, and the variables inside of longer texts
 * @throws ConfigurationError
 */
export function parseClientOptions(
  raw: RawProperties,
  jwt: unknown,
  environment: Environment = () => undefined,
): ClientOptions {
  const values = readProperties(CLIENT_SCHEMA, { ...raw, jwt }, environment);
  return {
    ...othersThan(TRANSLATED, values),
    url: urlOf(values),
    wholeMessage: values.wholemsg,
    subprotocols: values.subprotocol,
    headers: readUpgradeHeaders(values.headers, environment),
    ...(values.hb ? { heartbeatMs: Math.min(values.hb * 1000, MAX_INTERVAL_MS) } : {}),
  };
}

function urlOf({ path, authMode, jwt }: ClientValues): string {
  const url = new URL(path);
  url.hash = ''; // a `#` with nothing behind it
  return authMode === 'jwt' ? withToken(url, jwt) : url.href;
}

/** Appends the token; what the URL has of a query stays as it is spelt. */
function withToken(url: URL, token: string): string {
  const base = url.search === '' ? `${url.href.replace(/\?$/, '')}?` : `${url.href}&`;
  // by way of UTF-8, because encodeURIComponent throws on half a surrogate pair
  return `${base}token=${encodeURIComponent(Buffer.from(token).toString())}`;
}
