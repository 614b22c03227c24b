/** `verified`: a token, or another proof, was checked. `none`: the listener checks nobody. */
export type AuthStatus = 'verified' | 'none';

/** Who a connection is, for as long as it lives. Deeply frozen. */
export interface Identity {
  /** The verified JWT claims set (RFC 7519 §4), or what the user's own function gave for it; empty where nobody is checked. */
  readonly claims: Readonly<Record<string, unknown>>;
  /** null: belongs to no tenant. */
  readonly tenantId: string | null;
  /** The `sub` claim, where it is a string, or whom the user's own function named. */
  readonly subject: string | undefined;
  readonly authStatus: AuthStatus;
  /** The claims that a flow is told: those that the listener chooses, or what the user's own check gave for them. */
  readonly sessionClaims?: Readonly<Record<string, unknown>>;
  /** When it ends, in milliseconds since the epoch, where something else than `exp` alone says so. */
  readonly expiresAt?: number;
}

/** The identity that a verified token gives. */
export function verifiedIdentity(claims: Record<string, unknown>, tenantId: string): Identity {
  const { sub } = claims;
  return Object.freeze({
    claims: deepFreeze(claims),
    tenantId,
    subject: typeof sub === 'string' ? sub : undefined,
    authStatus: 'verified',
  });
}

/** The identity of a peer that nobody checked. */
export function anonymousIdentity(tenantId: string | null): Identity {
  return Object.freeze({ claims: Object.freeze({}), tenantId, subject: undefined, authStatus: 'none' });
}

/** Freezes data that JSON could hold, all of it. */
export function deepFreeze<T extends object>(root: T): Readonly<T> {
  const pending: object[] = [root];
  for (let object = pending.pop(); object !== undefined; object = pending.pop()) {
    Object.freeze(object);
    for (const value of Object.values(object)) {
      if (typeof value === 'object' && value !== null) pending.push(value);
    }
  }
  return root;
}
