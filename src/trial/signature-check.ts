import type { JWTHeaderParameters } from 'jose';
import { isAlgorithm, isSecretAlgorithm } from '../config/algorithms.js';
import { withKeys } from '../keys/candidate-keys.js';
import { joseCode, loadJose } from '../keys/jose.js';
import { KeysUnavailable, type VerifyingKeys } from '../keys/keys.js';
import { KeysFunctionFailed } from '../keys/keys-function.js';
import { failed, passed, quoted, skipped } from './check-results.js';
import { KeysFunctionLate, type Party, type WrittenSecret } from './party.js';
import { guessSecret } from './secret-guess.js';
import type { Check, CheckValues } from './trial.js';

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
  { keys, secret }: Pick<Party, 'keys' | 'secret'>,
): Promise<SignatureChecks> {
  const { compactVerify } = await loadJose();
  const alg = quoted(header.alg ?? '');
  const usable = passed('algorithm', 'allowed', { alg });
  let askedForKey = false;
  const find: VerifyingKeys['find'] = Object.assign(
    (...sought: Parameters<VerifyingKeys['find']>) => {
      askedForKey = true;
      return keys.find(...sought);
    },
    keys.find.watch === undefined ? {} : { watch: keys.find.watch },
  );
  try {
    await withKeys(find, (key) => compactVerify(token, key, { algorithms: [...keys.algorithms] }));
    return { algorithm: usable, signature: vouched(header, keys), unusableHeader: false };
  } catch (error) {
    if (askedForKey) {
      const signature = misread(error, token, header, secret) ?? fault(error, header, alg);
      return { algorithm: usable, signature, unusableHeader: false };
    }
    const signature = skipped('signature');
    const allowed = keys.algorithms.join(', ');
    if (joseCode(error) === 'ERR_JOSE_ALG_NOT_ALLOWED') {
      return { algorithm: refused(header.alg, keys, { alg, allowed }), signature, unusableHeader: false };
    }
    if (typeof header.alg !== 'string' || header.alg === '') {
      return { algorithm: failed('algorithm', 'missing', { allowed }), signature, unusableHeader: false };
    }
    return { algorithm: skipped('algorithm'), signature, unusableHeader: true };
  }
}

/** A token that is signed in the other way, with a secret or with a key pair, no choice of algorithm makes good. */
function refused(alg: unknown, { algorithms }: VerifyingKeys, values: CheckValues): Check {
  const takesSecrets = algorithms.some(isSecretAlgorithm);
  const isKnown = typeof alg === 'string' && isAlgorithm(alg);
  if (!isKnown || isSecretAlgorithm(alg) === takesSecrets) return failed('algorithm', 'refused', values);
  return failed('algorithm', takesSecrets ? 'public' : 'secret', values);
}

/** The signature fits another reading of the secret. */
function misread(
  error: unknown,
  token: string,
  { alg }: Header,
  secret: WrittenSecret | undefined,
): Check | undefined {
  if (secret === undefined || !MISFITS.has(joseCode(error))) return undefined;
  const mistake = guessSecret(token, alg, secret);
  if (mistake === undefined) return undefined;
  return mistake.kind === 'newline'
    ? failed('signature', 'newline')
    : failed('signature', 'encoding', { encoding: mistake.encoding });
}

/** There were keys for the token, and none had signed it. */
const MISFITS: ReadonlySet<unknown> = new Set([
  'ERR_JWS_SIGNATURE_VERIFICATION_FAILED',
  'ERR_JWKS_MULTIPLE_MATCHING_KEYS',
]);

function vouched({ kid }: Header, { kind }: VerifyingKeys): Check {
  if (kind === 'secret') return passed('signature', 'secret');
  return typeof kid === 'string'
    ? passed('signature', 'kid', { kid: quoted(kid) })
    : passed('signature', 'key');
}

function fault(error: unknown, { kid, nonce }: Header, alg: string): Check {
  if (error instanceof KeysUnavailable) return failed('signature', 'no-keys', {}, 'keys_unavailable');
  if (error instanceof KeysFunctionLate) return failed('signature', 'function-late', {}, 'handshake_timeout');
  if (error instanceof KeysFunctionFailed) {
    return failed('signature', 'function-failed', {}, 'verification_failed');
  }
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
