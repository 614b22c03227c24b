import type { JWTPayload, JWTVerifyOptions } from 'jose';
import should from 'should';
import { loadJose } from '../../../src/keys/jose.js';
import { sharedSecret } from '../../../src/keys/shared-secret.js';
import { formProblem } from '../../../src/token/form.js';
import { verifyAtOnce } from '../../../src/token/verify-at-once.js';
import { SECRET } from './tokens.js';

const { secrets } = sharedSecret(SECRET);
const BYTES = new TextEncoder().encode(SECRET);

/**
 * The claims that both jose and our check at once find in a token; undefined where both refuse it. Our check may leave to
 * jose what asks for extensions (`crit`).
 */
export async function agreedClaims(
  token: string,
  expected: JWTVerifyOptions = { algorithms: ['HS256'] },
): Promise<JWTPayload | undefined> {
  if (formProblem(token, Number.POSITIVE_INFINITY) !== undefined) return undefined; // neither ever sees it
  const { jwtVerify } = await loadJose();
  const options = { ...expected, currentDate: new Date() };
  const ours = verifyAtOnce(token, secrets, options);
  const joses = await jwtVerify(token, BYTES, options).catch(() => undefined);
  if (ours === undefined && joses?.protectedHeader.crit !== undefined) return joses.payload;
  should(surfaceOf(ours)).eql(surfaceOf(joses?.payload));
  return ours;
}

/** The claims as far as they can be compared without recursion: an attack nests some too deep for it. */
function surfaceOf(claims: JWTPayload | undefined): unknown {
  return (
    claims && Object.entries(claims).map(([name, value]) => [name, Object(value) === value ? {} : value])
  );
}
