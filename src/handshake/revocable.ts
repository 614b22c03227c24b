import type { Identify } from '../token/identify.js';
import type { Identity } from '../token/identity.js';

/** Knows which tokens are not taken any more, although they are good. */
export interface RevokedTokens {
  /** Undefined once it knows; may reject with a Rejection. */
  readonly loading: Promise<void> | undefined;
  /** @throws Rejection `token_revoked` */
  check(identity: Identity): void;
}

/** Asks whether a token is revoked as soon as it is known whose it is. Where nobody is asked for a token, none is revoked. */
export function revocable(identify: Identify, revoked: RevokedTokens): Identify {
  if (identify.kind === 'anonymous') return identify;
  const checked = (identity: Identity) => {
    revoked.check(identity);
    return identity;
  };
  const verify = (token: string) => {
    const identity = identify.verify(token);
    return identity instanceof Promise ? identity.then(checked) : checked(identity);
  };
  return { kind: 'token', verify: (token) => revoked.loading?.then(() => verify(token)) ?? verify(token) };
}
