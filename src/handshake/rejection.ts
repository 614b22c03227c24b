/** Why an upgrade is refused. The first five are the answers to a token and are sent to the peer as they stand. */
export type RejectionCode =
  | 'token_missing'
  | 'token_expired'
  | 'token_invalid'
  | 'tenant_missing'
  | 'keys_unavailable'
  | 'refused'
  | 'verification_failed'
  | 'too_many_connections'
  | 'too_many_handshakes'
  | 'handshake_timeout'
  | 'unavailable';

const STATUS: Readonly<Record<RejectionCode, number>> = {
  token_missing: 401,
  token_expired: 401,
  token_invalid: 401,
  tenant_missing: 401,
  keys_unavailable: 401,
  refused: 401,
  verification_failed: 500,
  too_many_connections: 429,
  too_many_handshakes: 503,
  handshake_timeout: 503,
  unavailable: 503,
};

/**
 * A refused upgrade. It carries fixed text only: nothing of the request, of the token or of the error that led here
 * (RFC 7519 tokens are secrets, and jose's messages quote the attacker's bytes).
 */
export class Rejection extends Error {
  readonly code: RejectionCode;
  /** HTTP status to answer with. */
  readonly status: number;

  /** @param status HTTP status, where it is not the one that belongs to the code */
  constructor(code: RejectionCode, status: number = STATUS[code]) {
    super(code);
    this.name = 'Rejection';
    this.code = code;
    this.status = status;
  }
}
