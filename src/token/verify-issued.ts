import type { IssuerOptions } from '../config/issuer-options.js';
import { hasPlaceholder } from '../config/issuer-template.js';
import type { TenantSource } from '../config/listener-options.js';
import type { Issuer } from '../keys/issuer.js';
import { issuerChooser } from '../keys/issuers.js';
import { DEFAULT_MAX_TOKEN_BYTES, formProblem, refusedForm } from './form.js';
import type { Identity } from './identity.js';
import type { Expected } from './rules/rules.js';
import { TokenRefused } from './token-refused.js';
import { readUnverified } from './unverified.js';
import { createVerifyToken, type VerifyToken } from './verify-token.js';

export interface VerifyIssuedOptions {
  readonly tenant: TenantSource;
  /** The listener's path. */
  readonly path: string;
  readonly maxTokenBytes?: number | undefined;
  readonly currentDate?: Date | undefined;
}

/**
 * Makes the function that decides about tokens of several issuers: `iss` chooses one of them, which decides alone.
 * @throws ConfigurationError `issuers-same`
 */
export function createVerifyIssued(issuers: readonly Issuer[], options: VerifyIssuedOptions): VerifyToken {
  const { path, maxTokenBytes = DEFAULT_MAX_TOKEN_BYTES } = options;
  const choose = issuerChooser(
    issuers.map((issuer) => ({
      options: issuer.options,
      verify: createVerifyToken({
        ...options,
        ...expectedBy(issuer.options, options.tenant),
        keys: issuer.keysFor(path),
      }),
    })),
  );
  return (token) => {
    const problem = formProblem(token, maxTokenBytes);
    if (problem !== undefined) throw refusedForm(problem);
    const unverified = readUnverified(token);
    if (unverified === undefined) throw new TokenRefused('token_invalid', { cause: 'form' });
    const chosen = choose(unverified.header, unverified.claims);
    if (chosen === undefined) throw new TokenRefused('token_invalid', { cause: 'issuer' });
    const { clockTolerance } = chosen.options;
    const identity = chosen.verify(token);
    return identity instanceof Promise
      ? identity.then((known) => ending(known, clockTolerance))
      : ending(identity, clockTolerance);
  };
}

/** What an issuer's owner expects of a token, for a listener whose tenants come from there. */
export function expectedBy(options: IssuerOptions, tenant: TenantSource): Expected {
  const { issuer, audiences, clockTolerance } = options;
  return {
    ...options,
    issuer: issuer === '' || hasPlaceholder(issuer) ? undefined : issuer,
    issuerTemplate: hasPlaceholder(issuer) ? issuer : undefined,
    audience: audiences.length === 0 ? undefined : audiences,
    clockTolerance,
    tenant,
  };
}

/** The tolerance is the issuer's: the listener, which ends connections, does not know it. */
function ending(identity: Identity, clockTolerance: number): Identity {
  const { exp } = identity.claims;
  if (typeof exp !== 'number') return identity;
  return Object.freeze({ ...identity, expiresAt: (exp + clockTolerance) * 1000 });
}
