import { ConfigurationError } from '../config/codes.js';
import { JwksError, type JwksErrorCode } from './jwks-error.js';

/** What Node's error codes look like: `ECONNREFUSED`, `DEPTH_ZERO_SELF_SIGNED_CERT`. */
const ERROR_CODE = /^[A-Z][A-Z\d_]*$/;

/** Said where an error has no code. */
const NO_CODE = 'UNKNOWN';

/** Of several addresses some may have no way to them: no news on a machine without IPv6. */
const NO_WAY: ReadonlySet<string> = new Set(['ENETUNREACH', 'EHOSTUNREACH', 'EADDRNOTAVAIL']);

/** Codes of Node's, by what is to be done about them; the first pattern that fits counts. */
const KINDS: readonly (readonly [RegExp, JwksErrorCode])[] = [
  [/^(?:ENOTFOUND$|ENODATA$|EAI_)/, 'jwks-name'],
  [/^(?:EPROTO$|ERR_SSL_|ERR_OSSL_|ERR_TLS_(?!CERT_))/, 'jwks-tls'],
  // X.509 verification (node:crypto, X509Certificate errors) and the check of the name
  [
    /CERT|CRL|^UNABLE_TO_|^INVALID_(?:CA|PURPOSE)$|^PATH_LENGTH_EXCEEDED$|^HOSTNAME_MISMATCH$/,
    'jwks-certificate',
  ],
];

/** Says with a JwksError why a request failed: with the code of Node's error, as its message may quote anything. */
export function fetchFailure(error: unknown): JwksError {
  if (error instanceof JwksError) return error;
  if (error instanceof ConfigurationError)
    return new JwksError('jwks-proxy-invalid', undefined, { cause: error });
  const detail = nodeCode(error);
  const code = KINDS.find(([pattern]) => pattern.test(detail))?.[1] ?? 'jwks-unreachable';
  return new JwksError(code, detail, { cause: error });
}

function nodeCode(error: unknown): string {
  if (error instanceof AggregateError) {
    const codes = error.errors.map(nodeCode);
    return codes.find((code) => !NO_WAY.has(code)) ?? codes[0] ?? NO_CODE;
  }
  const { code } = Object(error) as { readonly code?: unknown };
  return typeof code === 'string' && ERROR_CODE.test(code) ? code : NO_CODE;
}
