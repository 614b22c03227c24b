import type { ListenerOptions } from '../config/listener-options.js';
import { secretKeys } from '../config/secret.js';
import { loadJose } from '../keys/jose.js';
import { sharedSecret } from '../keys/shared-secret.js';
import { rulesFor } from '../token/rules/rules.js';
import { createVerifyToken } from '../token/verify-token.js';

export interface TokenWish {
  /** The `sub` claim; empty: none. */
  readonly subject: string;
  /** The tenant to name, where the listener reads it from a claim. */
  readonly tenantId: string;
  readonly lifetimeSeconds: number;
}

export const TOKEN_NOT_MADE = [
  'make-needs-secret',
  'make-tenant',
  'make-lifetime',
  'make-not-accepted',
] as const;

export type TokenNotMadeCode = (typeof TOKEN_NOT_MADE)[number];

/** A day, in seconds: a test token that lives longer is a key to the listener that nobody remembers. */
const MAX_LIFETIME_SECONDS = 86_400;

/** No token can be made as wished. The code is a key of the catalog's `errors`. */
export class TokenNotMade extends Error {
  readonly code: TokenNotMadeCode;

  constructor(code: TokenNotMadeCode) {
    super(code);
    this.name = 'TokenNotMade';
    this.code = code;
  }
}

/**
 * Makes an HS256 token that a listener with these options accepts now. The tenant goes into a claim of exactly the
 * configured name, dots and all: such a claim wins, and a URL may be the name of a claim.
 * @param maxTokenBytes as for the handshake
 * @throws TokenNotMade
 */
export async function makeToken(
  wish: TokenWish,
  options: ListenerOptions,
  maxTokenBytes?: number,
): Promise<string> {
  const { validation, tenant } = options;
  if (validation.kind !== 'hs256') throw new TokenNotMade('make-needs-secret');
  if (tenant.kind === 'claim' && wish.tenantId === '') throw new TokenNotMade('make-tenant');
  const { lifetimeSeconds } = wish;
  if (!Number.isInteger(lifetimeSeconds) || lifetimeSeconds < 1 || lifetimeSeconds > MAX_LIFETIME_SECONDS) {
    throw new TokenNotMade('make-lifetime');
  }
  const now = Math.floor(Date.now() / 1000);
  const claims = {
    ...Object.assign({}, ...rulesFor(options).map(({ example }) => example)),
    ...(wish.subject === '' ? {} : { sub: wish.subject }),
    iat: now,
    exp: now + lifetimeSeconds,
    ...(tenant.kind === 'static' ? {} : { [tenant.name]: wish.tenantId }),
  };
  const { SignJWT } = await loadJose();
  const [secret] = secretKeys(validation.secret, validation.encoding);
  const token = await new SignJWT(claims).setProtectedHeader({ alg: 'HS256', typ: 'JWT' }).sign(secret);
  const keys = sharedSecret(validation.secret, validation.encoding);
  // the tenant's claim may be one that means something else, and a wish may be too long
  try {
    await createVerifyToken({ ...options, keys, maxTokenBytes })(token);
  } catch {
    throw new TokenNotMade('make-not-accepted');
  }
  return token;
}
