import type { Keys } from '../keys/keys.js';
import { anonymousIdentity, type Identity } from './identity.js';
import type { Expected } from './rules/rules.js';
import { createVerifyToken, type VerifyToken } from './verify-token.js';

/** How a listener knows who a peer is. */
export type Identify =
  /** It asks nobody: all its peers are this one. */
  | { readonly kind: 'anonymous'; readonly identity: Identity }
  | { readonly kind: 'token'; readonly verify: VerifyToken };

export interface IdentifyOptions extends Expected {
  readonly maxTokenBytes?: number | undefined;
  /** The time to judge `exp` and `nbf` by; absent: that of each call. */
  readonly currentDate?: Date | undefined;
}

export function createIdentify(keys: Keys, options: IdentifyOptions): Identify {
  const { tenant } = options;
  return keys.kind === 'anonymous'
    ? { kind: 'anonymous', identity: anonymousIdentity(tenant.kind === 'static' ? tenant.tenantId : null) }
    : { kind: 'token', verify: createVerifyToken({ ...options, keys }) };
}
