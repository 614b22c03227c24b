/** What Node's error codes look like: `ECONNREFUSED`, `DEPTH_ZERO_SELF_SIGNED_CERT`. */
const ERROR_CODE = /^[A-Z][A-Z\d_]*$/;

/** OpenSSL's fixed text for what went wrong, as Node quotes it: `error:0A00010B:SSL routines::wrong version number:…` */
const TLS_REASON = /:SSL routines:[^:]*:([a-z\d ]{1,60}):/;

/**
 * Why a connection failed, in one word: an error's code, or `absent` where it has none. Its message may quote the URL, and
 * so the token.
 */
export function reasonOf(error: unknown, absent: string): string {
  const { code, message } = Object(error) as { readonly code?: unknown; readonly message?: unknown };
  if (typeof code !== 'string' || !ERROR_CODE.test(code)) return absent;
  return code === 'EPROTO' ? tlsReason(String(message)) : code;
}

/** Node names most failures of TLS itself, and those that it meets while it writes not: they are named as it does the others. */
function tlsReason(message: string): string {
  const [, text] = TLS_REASON.exec(message) ?? [];
  return text === undefined ? 'EPROTO' : `ERR_SSL_${text.toUpperCase().replaceAll(' ', '_')}`;
}
