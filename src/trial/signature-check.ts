import type { JWTHeaderParameters } from 'jose';
import { withKeys } from '../keys/candidate-keys.js';
import { joseCode, loadJose } from '../keys/jose.js';
import { KeysUnavailable, type VerifyingKeys } from '../keys/keys.js';
import { failed, passed, quoted, skipped } from './check-results.js';
import type { Check } from './trial.js';

export interface SignatureChecks {
  readonly algorithm: Check;
  readonly signature: Check;
  /** True where the header asks for something that cannot be done (RFC 7515 §4.1.11). */
  readonly unusableHeader: boolean;
}

/** What stands in a header: jose has parsed it and checked nothing. */
export type Header = Readonly<Partial<Record<keyof JWTHeaderParameters | 'nonce', unknown>>>;

/** Checks algorithm and signature with the functions, the keys and the order of a handshake. */
export async function checkSignature(
  token: string,
  header: Header,
  keys: VerifyingKeys,
): Promise<SignatureChecks> {
  const { compactVerify } = await loadJose();
  const alg = quoted(header.alg ?? '');
  const usable = passed('algorithm', 'allowed', { alg });
  let askedForKey = false;
  const find: VerifyingKeys['find'] = (...token) => {
    askedForKey = true;
    return keys.find(...token);
  };
  try {
    await withKeys(find, (key) => compactVerify(token, key, { algorithms: [...keys.algorithms] }));
    return { algorithm: usable, signature: vouched(header, keys), unusableHeader: false };
  } catch (error) {
    if (askedForKey)
      return { algorithm: usable, signature: fault(error, header, alg), unusableHeader: false };
    const signature = skipped('signature');
    const allowed = keys.algorithms.join(', ');
    if (joseCode(error) === 'ERR_JOSE_ALG_NOT_ALLOWED') {
      return {
        algorithm: failed('algorithm', 'refused', { alg, allowed }),
        signature,
        unusableHeader: false,
      };
    }
    if (typeof header.alg !== 'string' || header.alg === '') {
      return { algorithm: failed('algorithm', 'missing', { allowed }), signature, unusableHeader: false };
    }
    return { algorithm: skipped('algorithm'), signature, unusableHeader: true };
  }
}

function vouched({ kid }: Header, { kind }: VerifyingKeys): Check {
  if (kind === 'secret') return passed('signature', 'secret');
  return typeof kid === 'string'
    ? passed('signature', 'kid', { kid: quoted(kid) })
    : passed('signature', 'key');
}

function fault(error: unknown, { kid, nonce }: Header, alg: string): Check {
  if (error instanceof KeysUnavailable) return failed('signature', 'no-keys', {}, 'keys_unavailable');
  switch (joseCode(error)) {
    case 'ERR_JWKS_NO_MATCHING_KEY':
      return kid === undefined
        ? failed('signature', 'no-key', { alg })
        : failed('signature', 'no-kid', { alg, kid: quoted(kid) });
    case 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED':
    case 'ERR_JWKS_MULTIPLE_MATCHING_KEYS':
      // Microsoft hashes it before it signs: such a token is for Graph, and nobody else can check it
      return failed('signature', nonce === undefined ? 'wrong' : 'nonce');
    default:
      return failed('signature', 'unusable-key');
  }
}
