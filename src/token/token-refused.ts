/** What is wrong with a token, as the peer is told. */
export type TokenRefusalCode =
  | 'token_missing'
  | 'token_expired'
  | 'token_invalid'
  | 'tenant_missing'
  | 'forbidden'
  | 'keys_unavailable';

/** What is wrong with a token more exactly, for the listener's owner: the peer must not learn it. */
export const REFUSAL_CAUSES = [
  'form',
  'too-long',
  'algorithm',
  'unknown-key',
  'signature',
  'issuer',
  'audience',
  'not-yet-valid',
  'expired',
  'lifetime',
  'type',
  'claim',
  'tenant',
  'two-tokens',
  'identity',
] as const;

export type RefusalCause = (typeof REFUSAL_CAUSES)[number];

/** A cause, and how far off a time was. */
export interface RefusalReason {
  readonly cause: RefusalCause;
  /** Whole seconds between a date of the token and now. */
  readonly seconds?: number;
}

/**
 * A token that lets nobody in. It carries fixed words only: a token is a secret, and jose's messages quote the peer's
 * bytes.
 */
export class TokenRefused extends Error {
  readonly code: TokenRefusalCode;
  /** Absent where the code says it all. */
  readonly because: RefusalReason | undefined;

  constructor(code: TokenRefusalCode, because?: RefusalReason) {
    super(code);
    this.name = 'TokenRefused';
    this.code = code;
    this.because = because;
  }
}
