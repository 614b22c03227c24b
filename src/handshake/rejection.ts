import type { ConfigurationProblem } from '../config/codes.js';
import type { RefusalReason } from '../token/token-refused.js';

/** How a refusal is told. */
interface Answer {
  /** HTTP status. */
  readonly status: number;
  /** `WWW-Authenticate` of a 401 or 403 (RFC 6750 §3): `error` only where a token was shown. */
  readonly challenge?: string;
}

const NO_TOKEN = { status: 401, challenge: 'Bearer' };
const BAD_TOKEN = { status: 401, challenge: 'Bearer error="invalid_token"' };

/** Every reason to refuse an upgrade. The code is told to the peer, as `{"error":"<code>"}`. */
export const REJECTIONS = {
  /** There is no token, or an empty one. */
  token_missing: NO_TOKEN,
  token_expired: BAD_TOKEN,
  token_invalid: BAD_TOKEN,
  /** The token is good, and the owner of the listener has revoked it. */
  token_revoked: BAD_TOKEN,
  /** The token names no tenant. */
  tenant_missing: BAD_TOKEN,
  /** No key set was ever fetched. */
  keys_unavailable: BAD_TOKEN,
  /** A web page of this origin may not connect. */
  origin_forbidden: { status: 403, challenge: 'Bearer error="insufficient_scope"' },
  /** Nothing but a token is offered as a subprotocol. */
  protocol_missing: { status: 400 },
  /** It is known who the peer is, and a rule or the user's own middleware says no; that may choose another status and code. */
  forbidden: { status: 403, challenge: 'Bearer error="insufficient_scope"' },
  /** The user's own check says no; it may choose another status. */
  refused: NO_TOKEN,
  /** The user's own check failed. */
  verification_failed: { status: 500 },
  /** The tenant has as many connections as it may. */
  too_many_connections: { status: 429 },
  too_many_handshakes: { status: 503 },
  handshake_timeout: { status: 503 },
  /** The listener is misconfigured, being deployed, or gone. */
  unavailable: { status: 503 },
} as const satisfies Record<string, Answer>;

export type RejectionCode = keyof typeof REJECTIONS;

/**
 * A refused upgrade. It carries fixed text, or what the user's own code says to the peer: nothing of the request, of the
 * token or of the error that led here (RFC 7519 tokens are secrets, and jose's messages quote the attacker's bytes).
 */
export class Rejection extends Error {
  readonly code: RejectionCode;
  /** HTTP status to answer with. */
  readonly status: number;
  /** What exactly was wrong with a token; the peer must not learn it. */
  readonly because: RefusalReason | undefined;
  /** What is wrong with the listener; the peer must not learn it either. */
  readonly problem: ConfigurationProblem | undefined;
  /** What the peer is told. */
  readonly told: Told;

  constructor(code: RejectionCode, details: RejectionDetails = {}) {
    super(code);
    this.name = 'Rejection';
    this.code = code;
    this.status = details.status ?? REJECTIONS[code].status;
    this.because = details.because;
    this.problem = details.problem;
    this.told = details.told ?? { error: code };
  }
}

/** The body of a refusal, as the user's own code may have chosen it. */
export interface Told {
  readonly error: string;
  readonly data?: unknown;
}

/** Bytes of JSON that may go with a refusal. */
const MAX_DATA_BYTES = 2048;

/** The refusal that a middleware's error asks for: `status` 400-599 (else 403), `code`, `data` (JSON, at most 2 KiB). */
export function customRefusal(error: unknown): Rejection {
  const { status, code, data } = Object(error) as Readonly<Record<'status' | 'code' | 'data', unknown>>;
  const isStatus = typeof status === 'number' && Number.isInteger(status) && status >= 400 && status <= 599;
  const word = typeof code === 'string' && /^[a-z_]{1,40}$/.test(code) ? code : 'forbidden';
  const json = jsonOf(data);
  const told = json === undefined ? { error: word } : { error: word, data: JSON.parse(json) as unknown };
  return new Rejection('forbidden', { status: isStatus ? status : 403, told });
}

/** Undefined where there is none, or too much: the refusal stands without it. */
function jsonOf(data: unknown): string | undefined {
  try {
    const json: string | undefined = JSON.stringify(data);
    return json !== undefined && Buffer.byteLength(json) <= MAX_DATA_BYTES ? json : undefined;
  } catch {
    return undefined;
  }
}

interface RejectionDetails {
  /** HTTP status, where it is not the one that belongs to the code. */
  readonly status?: number;
  readonly because?: RefusalReason | undefined;
  readonly problem?: ConfigurationProblem;
  readonly told?: Told;
}
