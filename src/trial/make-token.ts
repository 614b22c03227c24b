import { isSecretAlgorithm } from '../config/algorithms.js';
import { issuerFor, placeholderClaims } from '../config/issuer-template.js';
import type { ListenerOptions, TenantSource } from '../config/listener-options.js';
import { secretKeys } from '../config/secret.js';
import type { SecretEncoding } from '../config/secret-encoding.js';
import { loadJose } from '../keys/jose.js';
import type { VerifyingKeys } from '../keys/keys.js';
import { sharedSecret } from '../keys/shared-secret.js';
import { type Expected, rulesFor } from '../token/rules/rules.js';
import { expectedBy } from '../token/verify-issued.js';
import { createVerifyToken } from '../token/verify-token.js';
import type { TrialIssuer } from './settings.js';
import type { TokenWish } from './trial.js';

export const TOKEN_NOT_MADE = [
  'make-needs-secret',
  'make-tenant',
  'make-lifetime',
  'make-not-accepted',
] as const;

export type TokenNotMadeCode = (typeof TOKEN_NOT_MADE)[number];

/** A day, in seconds: a test token that lives longer is a key that nobody remembers. */
const MAX_LIFETIME_SECONDS = 86_400;

/** What stands for a claim in an issuer's address that nobody has wished for. */
const ANY_PLACEHOLDER = 'test';

/** No token can be made as wished. The code is a key of the catalog's `errors`. */
export class TokenNotMade extends Error {
  readonly code: TokenNotMadeCode;

  constructor(code: TokenNotMadeCode) {
    super(code);
    this.name = 'TokenNotMade';
    this.code = code;
  }
}

/** What a token has to be like, and what it is signed with. */
interface Mould {
  readonly secret: string;
  readonly encoding: SecretEncoding | undefined;
  readonly alg: string;
  readonly expected: Expected;
  readonly keys: VerifyingKeys;
}

/**
 * Makes a token that a listener with these options accepts now; of its issuers, the first with a secret signs it. The tenant
 * goes into a claim of exactly the configured name, dots and all: such a claim wins, and a URL may be the name of a claim.
 * @param maxTokenBytes as for the handshake
 * @throws TokenNotMade
 */
export function makeToken(
  wish: TokenWish,
  options: ListenerOptions,
  maxTokenBytes?: number,
  issuers: readonly TrialIssuer[] = [],
): Promise<string> {
  const { validation, tenant } = options;
  if (validation.kind !== 'hs256') return makeIssuedToken(wish, issuers, tenant, maxTokenBytes);
  const { secret, encoding } = validation;
  const keys = sharedSecret(secret, encoding);
  return make(wish, { secret, encoding, alg: 'HS256', expected: options, keys }, maxTokenBytes);
}

/**
 * Makes a token of the first issuer that has a secret.
 * @throws TokenNotMade
 */
export async function makeIssuedToken(
  wish: TokenWish,
  issuers: readonly TrialIssuer[],
  tenant: TenantSource,
  maxTokenBytes?: number,
): Promise<string> {
  for (const { issuer } of issuers) {
    const { source, algorithms } = issuer.options;
    if (source.kind !== 'secret') continue;
    const { secret, encoding } = source;
    const alg = algorithms.find(isSecretAlgorithm) ?? 'HS256';
    const expected = expectedBy(issuer.options, tenant);
    return make(wish, { secret, encoding, alg, expected, keys: issuer.keysFor('/') }, maxTokenBytes);
  }
  throw new TokenNotMade('make-needs-secret');
}

async function make(wish: TokenWish, mould: Mould, maxTokenBytes: number | undefined): Promise<string> {
  const { secret, encoding, alg, expected, keys } = mould;
  const { lifetimeSeconds } = wish;
  if (expected.tenant.kind === 'claim' && wish.tenantId === '') throw new TokenNotMade('make-tenant');
  if (!Number.isInteger(lifetimeSeconds) || lifetimeSeconds < 1 || lifetimeSeconds > MAX_LIFETIME_SECONDS) {
    throw new TokenNotMade('make-lifetime');
  }
  const { SignJWT } = await loadJose();
  const [key] = secretKeys(secret, encoding);
  const typ = expected.tokenType || 'JWT';
  const token = await new SignJWT(claimsFor(wish, expected)).setProtectedHeader({ alg, typ }).sign(key);
  // the tenant's claim may be one that means something else, and a wish may be too long
  try {
    await createVerifyToken({ ...expected, keys, maxTokenBytes })(token);
  } catch {
    throw new TokenNotMade('make-not-accepted');
  }
  return token;
}

function claimsFor({ subject, tenantId, lifetimeSeconds }: TokenWish, expected: Expected) {
  const { tenant, issuerTemplate = '' } = expected;
  const now = Math.floor(Date.now() / 1000);
  const placeholders = placeholderClaims(issuerTemplate).map((name) => [name, ANY_PLACEHOLDER] as const);
  const claims: Record<string, unknown> = {
    ...Object.fromEntries(placeholders),
    ...Object.assign({}, ...rulesFor(expected).map(({ example }) => example)),
    ...(subject === '' ? {} : { sub: subject }),
    iat: now,
    exp: now + lifetimeSeconds,
    ...(tenant.kind === 'static' ? {} : { [tenant.name]: tenantId }),
  };
  const iss = issuerTemplate === '' ? undefined : issuerFor(issuerTemplate, claims);
  return iss === undefined ? claims : { ...claims, iss };
}
