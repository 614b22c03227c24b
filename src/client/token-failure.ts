/** A token that could not be had. The message is the reason: fixed words, an HTTP status, an error's code. */
export class TokenFailure extends Error {
  /** Why, as a status shows it. */
  readonly reason: string;
  /** How long the token endpoint wants to be left alone, in milliseconds; 0: it did not say. */
  readonly retryAfterMs: number;

  constructor(reason: string, retryAfterMs = 0) {
    super(reason);
    this.name = 'TokenFailure';
    this.reason = reason;
    this.retryAfterMs = retryAfterMs;
  }
}

/** Why a token could not be had; what is no TokenFailure says nothing that may be shown. */
export function asTokenFailure(error: unknown): TokenFailure {
  return error instanceof TokenFailure ? error : new TokenFailure('token failed');
}
