import { acceptedAlgorithms } from './algorithms.js';
import { itemsOf } from './audience.js';
import { type ClaimRule, readClaimRules } from './claim-rules.js';
import { ConfigurationError } from './codes.js';
import type { Environment } from './embedded-variables.js';
import { ISSUER_SCHEMA } from './issuer-schema.js';
import { type RawProperties, readProperties, type Values } from './schema.js';
import type { SecretEncoding } from './secret-encoding.js';

/** Where the keys of an issuer are. */
export type IssuerKeysSource =
  | { readonly kind: 'discovery'; readonly issuer: string; readonly url?: string }
  | { readonly kind: 'jwks'; readonly uri: string }
  | { readonly kind: 'static'; readonly publicKey: string }
  | {
      readonly kind: 'secret';
      readonly secret: string;
      readonly encoding: SecretEncoding;
      /** Accepted besides until then, in milliseconds since the epoch. */
      readonly previous?: { readonly secret: string; readonly untilMs: number };
    }
  | { readonly kind: 'function'; readonly name: string };

/** One party that signs tokens, checked. */
export interface IssuerOptions {
  /** `iss`, perhaps with placeholders; empty: whatever no other issuer claims. */
  readonly issuer: string;
  readonly source: IssuerKeysSource;
  readonly algorithms: readonly string[];
  /** Of which `aud` must contain one; empty: not checked. */
  readonly audiences: readonly string[];
  readonly claims: readonly ClaimRule[];
  readonly requireExpiry: boolean;
  /** In seconds; absent: no limit. */
  readonly maxLifetime?: number;
  /** In seconds. */
  readonly clockTolerance: number;
  /** Expected `typ` of the header; empty: any. */
  readonly tokenType: string;
  /** The only tenants it may name; empty: any. */
  readonly tenants: readonly string[];
}

/** The credentials of an issuer, as Node-RED hands them over. */
export interface IssuerCredentials {
  readonly secret?: string;
  readonly previousSecret?: string;
  readonly keysAuthorization?: string;
}

type IssuerValues = Values<typeof ISSUER_SCHEMA>;

/**
 * Reads the properties of a `websocket-plus-issuer`.
 * @throws ConfigurationError
 */
export function parseIssuerOptions(
  raw: RawProperties,
  { secret, previousSecret, keysAuthorization }: IssuerCredentials,
  environment: Environment = () => undefined,
): IssuerOptions & { readonly keysAuthorization: string } {
  const credentials = { secret, previousSecret, keysAuthorization };
  const values = readProperties(ISSUER_SCHEMA, { ...raw, ...credentials }, environment);
  const isSecret = values.keysFrom === 'secret';
  return {
    issuer: values.issuer,
    source: sourceOf(values),
    algorithms: acceptedAlgorithms(values.algorithms, isSecret),
    audiences: itemsOf(values.audience),
    claims: readClaimRules(values.claims),
    requireExpiry: values.requireExpiry,
    ...(values.maxLifetime === undefined ? {} : { maxLifetime: values.maxLifetime }),
    clockTolerance: values.clockTolerance ?? 0,
    tokenType: values.tokenType,
    tenants: values.tenants,
    keysAuthorization: values.keysAuthorization,
  };
}

function sourceOf(values: IssuerValues): IssuerKeysSource {
  const { keysFrom: kind, issuer, discoveryUrl, jwksUri, publicKey, keysFunction } = values;
  switch (kind) {
    case 'discovery':
      return { kind, issuer, ...(discoveryUrl === '' ? {} : { url: discoveryUrl }) };
    case 'jwks':
      return { kind, uri: jwksUri };
    case 'static':
      return { kind, publicKey };
    case 'secret':
      return { kind, secret: values.secret, encoding: values.secretEncoding, ...previousOf(values) };
    case 'function':
      return { kind, name: keysFunction };
  }
}

function previousOf({ previousSecret, previousUntil }: IssuerValues) {
  if (previousSecret === '' && previousUntil === '') return {};
  // a secret that nobody ends would be good for ever
  if (previousSecret === '' || previousUntil === '') throw new ConfigurationError('previous-secret');
  return { previous: { secret: previousSecret, untilMs: Date.parse(previousUntil) } };
}
