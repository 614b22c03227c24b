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
