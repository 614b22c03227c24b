import { isAlgorithm, isSecretAlgorithm } from './algorithms.js';
import { audienceProblem } from './audience.js';
import type { ConfigurationProblem } from './codes.js';
import { hasPlaceholder, isIssuerTemplate } from './issuer-template.js';
import { jwksUriProblem } from './jwks-uri.js';
import { choicesOf, entries, list } from './lists.js';
import { amount, choice, credential, expected, flag, text, trimmed } from './properties.js';
import { publicKeyProblem } from './public-key.js';
import { is, type Read } from './schema.js';
import { secretProblem } from './secret.js';
import { SECRET_ENCODINGS } from './secret-encoding.js';

/** Where an issuer's keys are. */
export const KEY_PLACES = ['discovery', 'jwks', 'static', 'secret', 'function'] as const;

/** A header field's value (RFC 9110 §5.5) of one line. */
const HEADER_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

/** ISO 8601, a date with a time; without an offset it is the local one. */
const DATE_TIME = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?$/;

/** The properties of a `websocket-plus-issuer`, in the order in which problems are told. */
export const ISSUER_SCHEMA = {
  name: trimmed('name'),
  issuer: expected('issuer', { embedsVariables: true, check: issuerProblem }),
  keysFrom: choice('keys-from', KEY_PLACES),
  discoveryUrl: trimmed('discovery-url', {
    embedsVariables: true,
    applies: { keysFrom: is('discovery') },
    check: discoveryUrlProblem,
  }),
  jwksUri: trimmed('jwks-uri', {
    embedsVariables: true,
    applies: { keysFrom: is('jwks') },
    check: jwksUriProblem,
  }),
  keysAuthorization: credential(
    trimmed('keys-authorization', {
      applies: { keysFrom: is('discovery', 'jwks') },
      check: (value) =>
        HEADER_VALUE.test(value) && !value.includes('${') ? undefined : 'keys-authorization',
    }),
  ),
  tls: text('tls', { applies: { keysFrom: is('discovery', 'jwks') } }),
  publicKey: text('public-key', { applies: { keysFrom: is('static') }, check: publicKeyProblem }),
  secret: credential(
    text('secret-missing', { applies: { keysFrom: is('secret') }, check: issuerSecretProblem }),
  ),
  secretEncoding: choice('encoding-unknown', SECRET_ENCODINGS, { applies: { keysFrom: is('secret') } }),
  previousSecret: credential(
    text('previous-secret', {
      applies: { keysFrom: is('secret') },
      check: (secret, read) => (secret === '' ? undefined : issuerSecretProblem(secret, read)),
    }),
  ),
  previousUntil: trimmed('previous-secret', {
    applies: { keysFrom: is('secret') },
    check: (until) =>
      until === '' || (DATE_TIME.test(until) && !Number.isNaN(Date.parse(until)))
        ? undefined
        : 'previous-secret',
  }),
  keysFunction: trimmed('keys-function', {
    applies: { keysFrom: is('function') },
    check: (name) => (name === '' ? 'keys-function' : undefined),
  }),
  algorithms: choicesOf('algorithms', isAlgorithm, { check: algorithmsProblem }),
  audience: expected('audience', { embedsVariables: true, check: audienceProblem }),
  claims: entries('claims'),
  requireExpiry: flag('require-expiry', { initial: true }),
  maxLifetime: amount('max-lifetime', {
    check: (seconds) => (seconds === 0 ? 'max-lifetime' : undefined),
  }),
  clockTolerance: amount('clock-tolerance', { initial: '5', max: 300 }),
  tokenType: trimmed('token-type'),
  tenants: list('tenants', () => true),
};

function issuerProblem(issuer: string, read: Read): ConfigurationProblem | undefined {
  if (!isIssuerTemplate(issuer)) return 'issuer-url';
  if (read('keysFrom') !== 'discovery') return undefined;
  if (issuer === '') return 'issuer-url';
  if (read('discoveryUrl').trim() !== '') return undefined;
  // the document is below it, and that has one address
  return jwksUriProblem(issuer) !== undefined || /[?#]/.test(issuer) || hasPlaceholder(issuer)
    ? 'issuer-url'
    : undefined;
}

function discoveryUrlProblem(url: string): ConfigurationProblem | undefined {
  return url === '' || jwksUriProblem(url) === undefined ? undefined : 'discovery-url';
}

function issuerSecretProblem(secret: string, read: Read): ConfigurationProblem | undefined {
  return secretProblem(secret, read, {
    encoding: 'secretEncoding',
    algorithms: read('algorithms').split(','),
  });
}

/** Never both kinds: a public key would be taken for a secret (RFC 8725 §2.1). */
function algorithmsProblem(names: readonly string[], read: Read): ConfigurationProblem | undefined {
  const secret = names.filter(isSecretAlgorithm).length;
  if (secret !== 0 && secret !== names.length) return 'algorithms';
  const keysFrom = read('keysFrom');
  if (names.length === 0 || keysFrom === 'function') return undefined;
  return secret > 0 === (keysFrom === 'secret') ? undefined : 'algorithms';
}
