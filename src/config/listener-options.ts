import { ConfigurationError } from './codes.js';
import type { Environment } from './embedded-variables.js';
import { LISTENER_SCHEMA, type RoutingScope } from './listener-schema.js';
import { type OriginRule, parseOrigins } from './origins.js';
import { othersThan, type RawProperties, readProperties, type Values } from './schema.js';
import type { SecretEncoding } from './secret-encoding.js';
import type { TokenSource } from './token-sources.js';

/** How a listener checks tokens. */
export type Validation = OwnValidation | IssuersValidation | FunctionValidation;

/** By issuers that are described elsewhere; their ids, each at most once. */
export interface IssuersValidation {
  readonly kind: 'issuers';
  readonly ids: readonly string[];
}

/** By a function of settings.js, which takes any proof. */
export interface FunctionValidation {
  readonly kind: 'function';
  readonly name: string;
}

/** With keys of its own, or not at all. */
export type OwnValidation =
  /** The secret as it stands in the credentials; `encoding` is absent for UTF-8. */
  | { readonly kind: 'hs256'; readonly secret: string; readonly encoding?: SecretEncoding }
  | { readonly kind: 'jwks'; readonly uri: string }
  | { readonly kind: 'none' };

/** Where a connection's tenant comes from. */
export type TenantSource =
  | { readonly kind: 'claim'; readonly name: string }
  | { readonly kind: 'static'; readonly tenantId: string };

type ListenerValues = Values<typeof LISTENER_SCHEMA>;

/** The properties that the options tell in another form, or not at all. */
const TRANSLATED = [
  'name',
  'path',
  'wholemsg',
  'jwtValidation',
  'jwtSecret',
  'jwtSecretEncoding',
  'jwksUri',
  'jwtIssuer',
  'jwtAudience',
  'clockTolerance',
  'issuer',
  'issuer2',
  'issuer3',
  'issuer4',
  'verifyFunction',
  'tenantFrom',
  'tenantClaim',
  'tenantId',
  'sessionClaims',
  'routingScope',
  'timeout',
  'authExpiry',
  'rateLimit',
  'maxConnections',
  'maxConnectionsPerSubject',
  'whenFull',
  'enforceLimits',
  'tokenSources',
  'origins',
  'cluster',
] as const satisfies readonly (keyof ListenerValues)[];

/**
 * A listener's configuration, checked. What is not named here is what the schema calls it: `maxPayload`, the largest
 * message a peer may send, in bytes.
 */
export interface ListenerOptions extends Omit<ListenerValues, (typeof TRANSLATED)[number]> {
  /** None where nobody is checked. */
  readonly tokenSources: readonly TokenSource[];
  /** Empty: web pages of any origin may connect. */
  readonly origins: readonly OriginRule[];
  readonly wholeMessage: boolean;
  readonly validation: Validation;
  readonly issuer?: string;
  /** As configured; `audiencesOf` reads it. */
  readonly audience?: string;
  /** How long after `exp`, and before `nbf`, a token is good, in seconds; absent: not at all. */
  readonly clockTolerance?: number;
  readonly tenant: TenantSource;
  /** The claims that a flow is told, by their names; none where nobody is checked. */
  readonly sessionClaims: readonly string[];
  readonly scope: RoutingScope;
  /** Longest life of a session, in milliseconds. */
  readonly sessionTimeoutMs?: number;
  readonly closeOnExpiry: boolean;
  /** Messages per second and connection; undefined: not enforced. */
  readonly rateLimit?: number;
  /** Concurrent connections per tenant; undefined: not enforced. */
  readonly maxConnections?: number;
  /** Concurrent connections of one subject in one tenant; undefined: not enforced. */
  readonly subjectLimit?: SubjectLimitOptions;
  /** The id of the cluster that others serve the same path in; absent: nobody does. */
  readonly cluster?: string;
}

/** How many connections a subject may have, and what happens when one more comes: it is refused, or the oldest is closed. */
export interface SubjectLimitOptions {
  readonly max: number;
  readonly whenFull: 'refuse' | 'replace';
}

/**
 * Reads the properties of a `websocket-plus-listener`.
 * @param environment gives the variables inside of longer texts
 * @throws ConfigurationError
 */
export function parseListenerOptions(
  raw: RawProperties,
  jwtSecret: unknown,
  environment: Environment = () => undefined,
): ListenerOptions {
  const values = readProperties(LISTENER_SCHEMA, { ...raw, jwtSecret }, environment);
  const {
    wholemsg,
    jwtIssuer,
    jwtAudience,
    clockTolerance,
    timeout,
    enforceLimits,
    rateLimit,
    maxConnections,
    maxConnectionsPerSubject: max,
    whenFull,
  } = values;
  return {
    ...othersThan(TRANSLATED, values),
    tokenSources: values.jwtValidation === 'none' ? [] : values.tokenSources,
    origins: parseOrigins(values.origins),
    wholeMessage: wholemsg,
    validation: validationOf(values),
    ...(jwtIssuer === '' ? {} : { issuer: jwtIssuer }),
    ...(jwtAudience === '' ? {} : { audience: jwtAudience }),
    ...(clockTolerance ? { clockTolerance } : {}),
    tenant: tenantOf(values),
    sessionClaims: values.jwtValidation === 'none' ? [] : values.sessionClaims,
    scope: values.routingScope,
    ...(timeout ? { sessionTimeoutMs: timeout * 1000 } : {}),
    closeOnExpiry: values.authExpiry === 'disconnect',
    ...(enforceLimits && rateLimit !== undefined ? { rateLimit } : {}),
    ...(enforceLimits && maxConnections !== undefined ? { maxConnections } : {}),
    ...(enforceLimits && max !== undefined ? { subjectLimit: { max, whenFull } } : {}),
    ...(values.cluster === '' ? {} : { cluster: values.cluster }),
  };
}

/**
 * The path of a listener below `httpNodeRoot`, also where something else is wrong with it.
 * @throws ConfigurationError
 */
export function parseListenerPath({ path }: RawProperties, environment: Environment): string {
  return readProperties({ path: LISTENER_SCHEMA.path }, { path }, environment).path;
}

function validationOf(values: ListenerValues): Validation {
  const { jwtValidation: kind, jwtSecret, jwtSecretEncoding: encoding, jwksUri } = values;
  switch (kind) {
    case 'none':
      return { kind };
    case 'hs256':
      return { kind, secret: jwtSecret, ...(encoding === 'utf8' ? {} : { encoding }) };
    case 'jwks':
      return { kind, uri: jwksUri };
    case 'issuers':
      return { kind, ids: issuerIds(values) };
    case 'function':
      return { kind, name: values.verifyFunction };
  }
}

/** @throws ConfigurationError `issuers-same` */
function issuerIds({ issuer, issuer2, issuer3, issuer4 }: ListenerValues): readonly string[] {
  const ids = [issuer, issuer2, issuer3, issuer4].filter((id) => id !== '');
  if (new Set(ids).size !== ids.length) throw new ConfigurationError('issuers-same');
  return ids;
}

function tenantOf({ tenantFrom: kind, tenantClaim, tenantId }: ListenerValues): TenantSource {
  return kind === 'static' ? { kind, tenantId } : { kind, name: tenantClaim };
}

/** The tenant of all connections, where the configuration leaves only one; undefined where tokens name it. */
export function onlyTenantOf({ tenant, validation }: ListenerOptions): string | null | undefined {
  if (tenant.kind === 'static') return tenant.tenantId;
  return validation.kind === 'none' ? null : undefined;
}
