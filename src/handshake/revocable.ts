import type { Identity } from '../token/identity.js';
import type { Identify } from './open-identify.js';

/** Knows which tokens are not taken any more, although they are good. */
export interface RevokedTokens {
  /** Undefined once it knows; may reject with a Rejection. */
  readonly loading: Promise<void> | undefined;
  /** @throws Rejection `token_revoked` */
  check(identity: Identity): void;
}

/** Asks whether a proof is revoked as soon as it is known whose it is. Where nobody is asked for one, none is revoked. */
export function revocable(identify: Identify, revoked: RevokedTokens): Identify {
  const checked = (identity: Identity) => {
    revoked.check(identity);
    return identity;
  };
  switch (identify.kind) {
    case 'anonymous':
      return identify;
    case 'function': {
      const verify: typeof identify.verify = async (...shown) => {
        await revoked.loading;
        return checked(await identify.verify(...shown));
      };
      return { kind: 'function', verify };
    }
    case 'token': {
      const verify = (token: string) => {
        const identity = identify.verify(token);
        return identity instanceof Promise ? identity.then(checked) : checked(identity);
      };
      return {
        kind: 'token',
        verify: (token) => revoked.loading?.then(() => verify(token)) ?? verify(token),
      };
    }
  }
}
