import type { ConfigurationProblem } from '../config/codes.js';
import type { RefusalReason } from '../token/token-refused.js';

/** How a refusal is told. */
interface Answer {
  /** HTTP status. */
  readonly status: number;
  /** RFC 6455 §7.4.2 (private use), for peers that only see how a connection closes; absent: the fault is ours. */
  readonly closeCode?: number;
  /** `WWW-Authenticate` of a 401 or 403 (RFC 6750 §3): `error` only where a token was shown. */
  readonly challenge?: string;
}

const NO_TOKEN = { status: 401, closeCode: 4401, challenge: 'Bearer' };
const BAD_TOKEN = { status: 401, closeCode: 4401, challenge: 'Bearer error="invalid_token"' };

/** Every reason to refuse an upgrade. The code is told to the peer, as `{"error":"<code>"}`. */
export const REJECTIONS = {
  /** There is no token, or an empty one. */
  token_missing: NO_TOKEN,
  token_expired: BAD_TOKEN,
  token_invalid: BAD_TOKEN,
  /** The token names no tenant. */
  tenant_missing: BAD_TOKEN,
  /** It is known who the peer is; that one may not. */
  forbidden: { status: 403, closeCode: 4403, challenge: 'Bearer error="insufficient_scope"' },
  /** No key set was ever fetched. */
  keys_unavailable: BAD_TOKEN,
  /** The user's own check says no; it may choose another status. */
  refused: NO_TOKEN,
  /** The user's own check failed. */
  verification_failed: { status: 500 },
  /** The tenant has as many connections as it may. */
  too_many_connections: { status: 429, closeCode: 4429 },
  too_many_handshakes: { status: 503 },
  handshake_timeout: { status: 503 },
  /** The listener is misconfigured, being deployed, or gone. */
  unavailable: { status: 503 },
} as const satisfies Record<string, Answer>;

export type RejectionCode = keyof typeof REJECTIONS;

/**
 * A refused upgrade. It carries fixed text only: nothing of the request, of the token or of the error that led here
 * (RFC 7519 tokens are secrets, and jose's messages quote the attacker's bytes).
 */
export class Rejection extends Error {
  readonly code: RejectionCode;
  /** HTTP status to answer with. */
  readonly status: number;
  /** What exactly was wrong with a token; the peer must not learn it. */
  readonly because: RefusalReason | undefined;
  /** What is wrong with the listener; the peer must not learn it either. */
  readonly problem: ConfigurationProblem | undefined;

  constructor(code: RejectionCode, details: RejectionDetails = {}) {
    super(code);
    this.name = 'Rejection';
    this.code = code;
    this.status = details.status ?? REJECTIONS[code].status;
    this.because = details.because;
    this.problem = details.problem;
  }
}

interface RejectionDetails {
  /** HTTP status, where it is not the one that belongs to the code. */
  readonly status?: number;
  readonly because?: RefusalReason | undefined;
  readonly problem?: ConfigurationProblem;
}
