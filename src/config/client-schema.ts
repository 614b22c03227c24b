import type { ConfigurationProblem } from './codes.js';
import { entries, list } from './lists.js';
import { urlProblem } from './peer-url.js';
import { amount, choice, credential, flag, size, text, trimmed } from './properties.js';
import { is, not, type Read } from './schema.js';
import { scopeProblem, tokenUrlProblem } from './token-url.js';

/** RFC 6455 §4.1: a subprotocol is a token of RFC 9110 §5.6.2. */
const SUBPROTOCOL = /^[!#$%&'*+\-.^_`|~\w]+$/;

/** Where a client's token comes from. */
export const AUTH_MODES = ['jwt', 'value', 'oauth2', 'none'] as const;

/** Where it goes. */
export const TOKEN_PLACEMENTS = ['query', 'header', 'protocol', 'message'] as const;

export type TokenPlacement = (typeof TOKEN_PLACEMENTS)[number];

/** Most messages that may wait for a connection. */
export const MAX_QUEUE = 10_000;

/** A day, in seconds. */
const DAY = 86_400;

/**
 * The properties of a `websocket-plus-client`, in the order in which problems are told. Their names and values are those
 * of other people's flow files.
 */
export const CLIENT_SCHEMA = {
  name: trimmed('name'),
  path: trimmed('url-invalid', {
    embedsVariables: true,
    check: (url, read) => urlProblem(url, addsToken(read)),
  }),
  tls: text('tls'),
  subprotocol: list('subprotocol', (name) => SUBPROTOCOL.test(name)),
  wholemsg: flag('whole-message', { initial: 'false' }),
  authMode: choice('auth-unknown', AUTH_MODES),
  jwt: credential(
    trimmed('jwt-missing', {
      applies: { authMode: is('jwt') },
      check: tokenProblem,
    }),
  ),
  tokenType: choice('token-value', ['env', 'global'], { applies: { authMode: is('value') } }),
  tokenValue: trimmed('token-value', {
    applies: { authMode: is('value') },
    check: (name) => (name === '' || name.includes('${') ? 'token-value' : undefined),
  }),
  tokenUrl: trimmed('token-url', {
    embedsVariables: true,
    applies: { authMode: is('oauth2') },
    check: tokenUrlProblem,
  }),
  clientId: credential(
    trimmed('client-id', {
      applies: { authMode: is('oauth2') },
      check: (id) => credentialProblem(id, 'client-id'),
    }),
  ),
  clientSecret: credential(
    text('client-secret', {
      applies: { authMode: is('oauth2') },
      check: (secret) => credentialProblem(secret, 'client-secret'),
    }),
  ),
  clientAuth: choice('client-auth', ['basic', 'post'], { applies: { authMode: is('oauth2') } }),
  scope: trimmed('token-scope', {
    embedsVariables: true,
    applies: { authMode: is('oauth2') },
    check: scopeProblem,
  }),
  audience: trimmed('audience', { embedsVariables: true, applies: { authMode: is('oauth2') } }),
  tokenPlacement: choice('token-placement', TOKEN_PLACEMENTS, { applies: { authMode: not('none') } }),
  renew: choice('renew-unknown', ['on', 'off'], {
    applies: { authMode: is('oauth2'), tokenPlacement: not('message') },
  }),
  queue: amount('queue', { max: MAX_QUEUE, check: (count) => wholeProblem(count, 'queue') }),
  queueSeconds: amount('queue-seconds', {
    applies: { queue: not('') },
    check: (seconds) => (seconds === 0 ? 'queue-seconds' : undefined),
  }),
  hb: amount('heartbeat'),
  reconnect: flag('reconnect', { initial: true }),
  maxBackoff: amount('max-backoff', {
    initial: '30',
    max: DAY,
    check: (seconds) => atLeastOne(seconds, 'max-backoff'),
  }),
  handshakeTimeout: amount('handshake-timeout', {
    initial: '10',
    max: DAY,
    check: (seconds) => atLeastOne(seconds, 'handshake-timeout'),
  }),
  headers: entries('headers', {
    check: (headers, read) =>
      read('authMode') !== 'none' && read('tokenPlacement') === 'header' && headers.some(isAuthorization)
        ? 'headers-authorization'
        : undefined,
  }),
  maxPayload: size('max-payload', 16 * 1024 * 1024),
};

/** The same for a client that a flow tells where to connect: it may have no URL. */
export const CLIENT_SCHEMA_WITHOUT_URL = {
  ...CLIENT_SCHEMA,
  path: trimmed('url-invalid', {
    embedsVariables: true,
    check: (url, read) => (url === '' ? undefined : urlProblem(url, addsToken(read))),
  }),
};

/** Whether the client appends a token to its URL. */
function addsToken(read: Read): boolean {
  return read('authMode') !== 'none' && read('tokenPlacement') === 'query';
}

/** Whether an entry of `headers` is the header that a token may stand in (RFC 6750 §2.1). */
export function isAuthorization(entry: unknown): boolean {
  const { keyType, keyValue } = Object(entry) as Readonly<Record<string, unknown>>;
  const name = keyType === 'other' ? keyValue : keyType;
  return typeof name === 'string' && name.trim().toLowerCase() === 'authorization';
}

function tokenProblem(token: string): ConfigurationProblem | undefined {
  if (token === '') return 'jwt-missing';
  // no token has these characters in it: somebody expects a part of it to be replaced
  return token.includes('${') ? 'jwt-variable' : undefined;
}

/** RFC 6749 §A.1, §A.2: visible characters and spaces. */
function credentialProblem(value: string, problem: ConfigurationProblem): ConfigurationProblem | undefined {
  return /^[\x20-\x7e]+$/.test(value) && !value.includes('${') ? undefined : problem;
}

function wholeProblem(
  count: number | undefined,
  problem: ConfigurationProblem,
): ConfigurationProblem | undefined {
  return count === undefined || Number.isInteger(count) ? undefined : problem;
}

function atLeastOne(
  seconds: number | undefined,
  problem: ConfigurationProblem,
): ConfigurationProblem | undefined {
  return seconds === undefined || seconds >= 1 ? undefined : problem;
}
