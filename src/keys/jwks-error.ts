/** Why a key set could not be fetched. */
export const JWKS_ERRORS = [
  'jwks-unreachable',
  'jwks-name',
  'jwks-certificate',
  'jwks-tls',
  'jwks-proxy',
  'jwks-proxy-invalid',
  'jwks-timeout',
  'jwks-redirect',
  'jwks-status',
  'jwks-too-large',
  'jwks-malformed',
  'jwks-unusable',
  'discovery-malformed',
  'discovery-issuer',
  'discovery-jwks-uri',
] as const;

export type JwksErrorCode = (typeof JWKS_ERRORS)[number];

/** What else there is to say: an HTTP status, a code of Node's in capital letters, or the algorithms that no key is for. */
export type JwksErrorDetail = number | string;

/** A key set that could not be fetched. The message is fixed text: nothing of the answer is quoted. */
export class JwksError extends Error {
  readonly code: JwksErrorCode;
  readonly detail?: JwksErrorDetail;

  constructor(code: JwksErrorCode, detail?: JwksErrorDetail, options?: ErrorOptions) {
    super(code, options);
    this.name = 'JwksError';
    this.code = code;
    if (detail !== undefined) this.detail = detail;
  }
}
