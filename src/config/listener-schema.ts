import { audienceProblem } from './audience.js';
import { jwksUriProblem } from './jwks-uri.js';
import { list } from './lists.js';
import { originsProblem } from './origins.js';
import { pathProblem } from './path.js';
import { amount, choice, credential, expected, flag, size, text, trimmed } from './properties.js';
import { has, is, not } from './schema.js';
import { secretProblem } from './secret.js';
import { SECRET_ENCODINGS } from './secret-encoding.js';
import { someOf } from './some-of.js';
import { isHttpToken, isTokenHeader, TOKEN_SOURCES } from './token-sources.js';

/** Who `ws.out+` reaches. */
export type RoutingScope = (typeof ROUTING_SCOPES)[number];

export const ROUTING_SCOPES = ['tenant', 'session', 'global'] as const;

/** Where somebody is asked who a peer is. */
const VERIFIED = { jwtValidation: not('none') };

/** Where the listener itself says what a token has to be. */
const OWN_RULES = { jwtValidation: is('hs256', 'jwks') };

/** Where an issuer says it. */
const BY_ISSUERS = { jwtValidation: is('issuers') };

/**
 * The properties of a `websocket-plus-listener`, in the order in which problems are told. Their names and values are those
 * of other people's flow files. A flow file that says nothing of validation asks for HS256, and without a secret that is
 * an error.
 */
export const LISTENER_SCHEMA = {
  name: trimmed('name'),
  path: text('path-missing', { embedsVariables: true, check: pathProblem }),
  wholemsg: flag('whole-message', { initial: 'false' }),
  jwtValidation: choice('validation-unknown', ['hs256', 'jwks', 'issuers', 'function', 'none']),
  jwtSecret: credential(
    text('secret-missing', { applies: { jwtValidation: is('hs256') }, check: secretProblem }),
  ),
  jwtSecretEncoding: choice('encoding-unknown', SECRET_ENCODINGS, {
    applies: { jwtValidation: is('hs256') },
  }),
  jwksUri: trimmed('jwks-uri', {
    embedsVariables: true,
    applies: { jwtValidation: is('jwks') },
    check: jwksUriProblem,
  }),
  jwtIssuer: expected('issuer', { embedsVariables: true, applies: OWN_RULES }),
  jwtAudience: expected('audience', {
    embedsVariables: true,
    applies: OWN_RULES,
    check: audienceProblem,
  }),
  clockTolerance: amount('clock-tolerance', { initial: '5', absent: '0', max: 300, applies: OWN_RULES }),
  issuer: text('issuer-missing', {
    applies: BY_ISSUERS,
    check: (id) => (id === '' ? 'issuer-missing' : undefined),
  }),
  issuer2: text('issuer-missing', { applies: BY_ISSUERS }),
  issuer3: text('issuer-missing', { applies: BY_ISSUERS }),
  issuer4: text('issuer-missing', { applies: BY_ISSUERS }),
  verifyFunction: trimmed('verify-function', {
    applies: { jwtValidation: is('function') },
    check: (name) => (name === '' ? 'verify-function' : undefined),
  }),
  tokenSources: someOf('token-sources', TOKEN_SOURCES, {
    initial: ['query'],
    applies: VERIFIED,
    check: (sources) => (sources.length === 0 ? 'token-sources' : undefined),
  }),
  tokenHeader: trimmed('token-header', {
    initial: 'Authorization',
    applies: { ...VERIFIED, tokenSources: has('header') },
    check: (name) => (isTokenHeader(name) ? undefined : 'token-header'),
  }),
  tokenCookie: trimmed('token-cookie', {
    initial: 'token',
    applies: { ...VERIFIED, tokenSources: has('cookie') },
    check: (name) => (isHttpToken(name) ? undefined : 'token-cookie'),
  }),
  origins: text('origins', { check: originsProblem }),
  refusal: choice('refusal-unknown', ['http', 'close']),
  tenantFrom: choice('tenant-source-unknown', ['claim', 'static']),
  tenantClaim: trimmed('claim-missing', {
    initial: 'tenant_id',
    // where no token is read, no claim is looked for, and a function names the tenant itself
    applies: { tenantFrom: is('claim'), jwtValidation: not('none', 'function') },
    check: (name) => (name === '' ? 'claim-missing' : undefined),
  }),
  tenantId: text('tenant-id-missing', {
    embedsVariables: true,
    applies: { tenantFrom: is('static') },
    check: (tenant) => (tenant.trim() === '' ? 'tenant-id-missing' : undefined),
  }),
  // no message has a member of that name
  sessionClaims: list('session-claims', (name) => name !== '__proto__', { applies: VERIFIED }),
  routingScope: choice('scope-unknown', ROUTING_SCOPES),
  timeout: amount('session-timeout'),
  authExpiry: choice('expiry-unknown', ['disconnect', 'allow'], { applies: VERIFIED }),
  rateLimit: amount('rate-limit'),
  maxConnections: amount('max-connections'),
  maxConnectionsPerSubject: amount('max-per-subject'),
  whenFull: choice('when-full-unknown', ['refuse', 'replace'], {
    applies: { maxConnectionsPerSubject: not('') },
  }),
  // the product before this one had limits that were notes for people, and its flow files do not mention this
  enforceLimits: flag('enforce-limits', { initial: true, absent: false }),
  maxPayload: size('max-payload', 1024 * 1024),
  cluster: text('cluster-missing'),
};
