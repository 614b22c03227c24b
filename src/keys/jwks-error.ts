/** Why a key set could not be fetched. */
export const JWKS_ERRORS = [
  'jwks-unreachable',
  'jwks-timeout',
  'jwks-status',
  'jwks-too-large',
  'jwks-malformed',
] as const;

export type JwksErrorCode = (typeof JWKS_ERRORS)[number];

/** A key set that could not be fetched. The message is fixed text: nothing of the answer is quoted. */
export class JwksError extends Error {
  readonly code: JwksErrorCode;

  constructor(code: JwksErrorCode, options?: ErrorOptions) {
    super(code, options);
    this.name = 'JwksError';
    this.code = code;
  }
}
