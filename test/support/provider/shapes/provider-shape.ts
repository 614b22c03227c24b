import { randomBytes, randomUUID } from 'node:crypto';
import { type Claims, seconds } from '../../core/tokens.js';

/** What a product's documents, keys and tokens look like; the values are made up, and the keys are new. */
export interface ProviderShape {
  /** What its servers answer, by the URL. */
  readonly documents: Readonly<Record<string, unknown>>;
  /** Where the guide has words in place of a value. */
  readonly secret?: string;
  /** Those that are to be let in. */
  readonly tokens: readonly [string, ...string[]];
  readonly tenant: string;
  /** By words of the guide's row: what is done wrong there. */
  readonly pitfalls: Readonly<Record<string, Mistake>>;
}

export interface Mistake {
  /** That comes; absent: one that is good elsewhere. */
  readonly token?: string;
  /** What was entered in the issuer in place of what the guide says. */
  readonly entered?: Readonly<Record<string, unknown>>;
  /** What servers answer in place of the documents above. */
  readonly documents?: Readonly<Record<string, unknown>>;
}

/** The dates of a token that was made a minute ago. */
export function dates(): Claims {
  return { iat: seconds(-60), exp: seconds(3540) };
}

/** An id as products make them. */
export const id = (): string => randomUUID();

/** The fingerprint-like text of a token that is no JWT. */
export function opaqueToken(): string {
  return randomBytes(48).toString('base64url');
}

/** A document as OpenID Connect Discovery 1.0 wants it. */
export function discoveryDocument(issuer: string, jwksUri: string, more: Claims = {}): Claims {
  const base = issuer.replace(/\/$/, '');
  return {
    issuer,
    authorization_endpoint: `${base}/authorize`,
    token_endpoint: `${base}/token`,
    jwks_uri: jwksUri,
    response_types_supported: ['code'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
    ...more,
  };
}
