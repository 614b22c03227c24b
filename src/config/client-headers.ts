import { validateHeaderName, validateHeaderValue } from 'node:http';
import { ConfigurationError } from './codes.js';
import { type Environment, hasVariable, replaceVariables } from './embedded-variables.js';
import { isVariable } from './properties.js';

/** They would turn the upgrade into another request, or offer extensions that ws lacks (RFC 9110 §10.1, RFC 9112 §6). */
const REFUSED = new Set([
  'content-length',
  'transfer-encoding',
  'trailer',
  'expect',
  'sec-websocket-extensions',
]);

/**
 * Of these a request has one and no list (RFC 9110 §5.3 and each field's own section): the last one stands, as in a server
 * that reads them one by one.
 */
const SINGLE = new Set([
  'authorization',
  'proxy-authorization',
  'host',
  'origin',
  'user-agent',
  'referer',
  'from',
  'content-type',
  'date',
  'max-forwards',
  'if-modified-since',
  'if-unmodified-since',
  'if-range',
  'sec-websocket-key',
  'sec-websocket-version',
]);

/** Between two cookies: RFC 6265 §4.2.1. */
const COOKIE_SEPARATOR = '; ';

/** Between two values of any other list: RFC 9110 §5.3. */
const LIST_SEPARATOR = ', ';

/**
 * Reads the headers of the upgrade request as Node-RED's 22-websocket.js does: a list of
 * `{keyType, keyValue, valueType, valueValue}`. `other` takes the name or value beside it, `env` an environment variable;
 * any other type is itself the name or value. Variables inside of a value are replaced. An entry without name or value is passed
 * over. Entries of one name, in small or capital letters, become the list that they are.
 * @throws ConfigurationError `headers`: what cannot be sent. Node's own messages quote the value: they go no further.
 */
export function readUpgradeHeaders(
  entries: readonly unknown[],
  environment: Environment,
): Record<string, string> {
  const headers = new Map<string, readonly [name: string, value: string]>();
  for (const entry of entries) {
    const { keyType, keyValue, valueType, valueValue } = Object(entry) as Readonly<Record<string, unknown>>;
    const name = headerText(keyType === 'other' ? keyValue : keyType).trim();
    const value = headerText(headerValue(valueType, valueValue, environment));
    if (name === '' || value === '') continue;
    check(name, value);
    const key = name.toLowerCase();
    const [first, before] = headers.get(key) ?? [name];
    headers.set(key, [first, joined(key, before, value)]);
  }
  return Object.fromEntries(headers.values());
}

function joined(key: string, before: string | undefined, value: string): string {
  if (before === undefined || SINGLE.has(key)) return value;
  return before + (key === 'cookie' ? COOKIE_SEPARATOR : LIST_SEPARATOR) + value;
}

function headerValue(type: unknown, value: unknown, environment: Environment): unknown {
  const text = headerText(type === 'other' || type === 'env' ? value : type);
  if (hasVariable(text)) return replaceVariables(text, environment, 'headers');
  return type === 'env' ? environment(text) : text;
}

function headerText(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  // a variable may itself name one that is not set
  if (typeof value !== 'string' || isVariable(value)) throw new ConfigurationError('headers');
  return value;
}

function check(name: string, value: string): void {
  try {
    validateHeaderName(name);
    validateHeaderValue(name, value);
  } catch {
    throw new ConfigurationError('headers');
  }
  if (REFUSED.has(name.toLowerCase())) throw new ConfigurationError('headers');
}
