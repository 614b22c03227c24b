import type { RejectionCode } from '../../src/handshake/rejection.js';
import type { RefusalCause } from '../../src/token/token-refused.js';

/** What a refusal may be about that has words in the catalog, `refusal.<word>` and `cure.<word>`. */
export type RefusalWord =
  | RefusalCause
  | Exclude<RejectionCode, 'token_expired' | 'token_invalid' | 'tenant_missing'>; // these have a cause

/** All of them: the compiler wants each. */
const WORDS: Readonly<Record<RefusalWord, true>> = {
  form: true,
  'too-long': true,
  algorithm: true,
  'unknown-key': true,
  signature: true,
  issuer: true,
  audience: true,
  'not-yet-valid': true,
  expired: true,
  lifetime: true,
  type: true,
  claim: true,
  tenant: true,
  'two-tokens': true,
  identity: true,
  token_missing: true,
  token_revoked: true,
  keys_unavailable: true,
  origin_forbidden: true,
  protocol_missing: true,
  forbidden: true,
  refused: true,
  verification_failed: true,
  too_many_connections: true,
  too_many_handshakes: true,
  handshake_timeout: true,
  unavailable: true,
};

export const REFUSAL_WORDS = Object.keys(WORDS) as readonly RefusalWord[]; // the keys of the record above
