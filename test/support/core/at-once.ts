import type { JWTPayload, JWTVerifyOptions } from 'jose';
import should from 'should';
import { withKeys } from '../../../src/keys/candidate-keys.js';
import { loadJose } from '../../../src/keys/jose.js';
import type { VerifyingKeys } from '../../../src/keys/keys.js';
import { sharedSecret } from '../../../src/keys/shared-secret.js';
import { formProblem } from '../../../src/token/form.js';
import { verifyAtOnce } from '../../../src/token/verify-at-once.js';
import { SECRET } from './tokens.js';

export const SHARED = sharedSecret(SECRET);

/**
 * The claims that both jose and our check at once find in a token; undefined where both refuse it. Our check may leave to
 * jose what asks for extensions (`crit`, `b64`), but nothing else where there is a secret.
 */
export async function agreedClaims(
  token: string,
  expected: JWTVerifyOptions = { algorithms: ['HS256'] },
): Promise<JWTPayload | undefined> {
  const { ours, joses, header } = await verifiedTwice(token, SHARED, expected);
  if (ours === undefined && (header?.crit !== undefined || header?.b64 !== undefined)) return joses;
  should(surfaceOf(ours)).eql(surfaceOf(joses));
  return ours;
}

/**
 * Who says yes to a token. What our check at once accepts has to be accepted by jose as the listener asks it, with the same
 * claims.
 */
export async function agreedVerdict(
  token: string,
  keys: VerifyingKeys,
  expected: JWTVerifyOptions = { algorithms: [...keys.algorithms] },
): Promise<'at once' | 'jose' | 'nobody'> {
  const { ours, joses } = await verifiedTwice(token, keys, expected);
  if (ours === undefined) return joses === undefined ? 'nobody' : 'jose';
  should(surfaceOf(ours)).eql(surfaceOf(joses));
  return 'at once';
}

/** What each of the two makes of a token, at the same time of day. */
async function verifiedTwice(token: string, keys: VerifyingKeys, expected: JWTVerifyOptions) {
  if (formProblem(token, Number.POSITIVE_INFINITY) !== undefined) return {}; // neither ever sees it
  const { jwtVerify } = await loadJose();
  const options = { ...expected, currentDate: new Date() };
  const ours = verifyAtOnce(token, keys, options);
  const found = await withKeys(
    keys.find,
    (key) => jwtVerify(token, key as Parameters<typeof jwtVerify>[1], options), // a key or a function: one overload each
  ).catch(() => undefined);
  return { ours, joses: found?.payload, header: found?.protectedHeader };
}

/** The claims as far as they can be compared without recursion: an attack nests some too deep for it. */
function surfaceOf(claims: JWTPayload | undefined): unknown {
  return (
    claims && Object.entries(claims).map(([name, value]) => [name, Object(value) === value ? {} : value])
  );
}
