import {
  assert,
  asyncProperty,
  constantFrom,
  dictionary,
  double,
  integer,
  json,
  oneof,
  option,
  string,
} from 'fast-check';
import should from 'should';
import { agreedClaims } from '../../support/core/at-once.js';
import { CLAIMS, OTHER_SECRET, part, seconds, token } from '../../support/core/tokens.js';

const EXPECTED = {
  algorithms: ['HS256'],
  issuer: 'https://issuer',
  audience: ['chat', 'api'],
  clockTolerance: 5,
};

const date = option(
  oneof(integer({ min: -20, max: 20 }).map(seconds), double(), string(), constantFrom(null, true, 1e300)),
  { nil: undefined },
);

describe('src/token/verify-at-once', () => {
  it('says yes where jose does, to the same claims, and to nothing else: whatever claims are signed', () =>
    assert(
      asyncProperty(
        dictionary(
          constantFrom('iss', 'aud', 'sub', 'iat', 'jti', 'x'),
          oneof(string(), constantFrom('https://issuer', 'chat', ['chat'], ['x', 'api'], 7, null)),
        ),
        date,
        date,
        async (claims, exp, nbf) => {
          const jwt = token({
            ...claims,
            ...(exp === undefined ? {} : { exp }),
            ...(nbf === undefined ? {} : { nbf }),
          });
          await agreedClaims(jwt);
          await agreedClaims(jwt, EXPECTED);
        },
      ),
      { numRuns: 500 },
    ));

  it('agrees with jose on any text in place of the claims', () =>
    assert(
      asyncProperty(oneof(json(), string()), async (text) => {
        await agreedClaims(token(text));
      }),
    ));

  it('agrees with jose on any header', () =>
    assert(
      asyncProperty(
        dictionary(
          constantFrom('alg', 'typ', 'crit', 'b64', 'kid', 'jwk', 'zip'),
          oneof(string(), constantFrom('HS256', 'HS512', 'none', ['b64'], ['exp'], [], false, true, null, 7)),
        ),
        async (header) => {
          await agreedClaims(token(CLAIMS, { header: header as Record<string, unknown> }));
        },
      ),
      { numRuns: 500 },
    ));

  it('reads the header of each token, whichever came before it', async () => {
    const jwt = token({ ...CLAIMS, exp: seconds(600) });
    for (const header of [{ alg: 'none' }, { crit: ['unheard-of'] }, { alg: 'HS512' }, { alg: 7 }]) {
      should(await agreedClaims(jwt)).be.an.Object();
      should(await agreedClaims(token(CLAIMS, { header }))).equal(undefined);
    }
    const [, ...rest] = jwt.split('.');
    for (const header of ['', part('no object'), part('{"alg":'), 'A']) {
      should(await agreedClaims(jwt)).be.an.Object();
      should(await agreedClaims([header, ...rest].join('.'))).equal(undefined);
    }
  });

  it('agrees with jose on a token of which any character was changed', async () => {
    const jwt = token({ ...CLAIMS, exp: seconds(600) });
    should(await agreedClaims(jwt)).be.an.Object();
    for (let at = 0; at < jwt.length; at += 1) {
      const other = jwt[at] === 'A' ? 'B' : 'A';
      should(await agreedClaims(jwt.slice(0, at) + other + jwt.slice(at + 1))).equal(undefined);
    }
  });

  it('says yes to none that is not signed with the secret', async () => {
    for (const jwt of [
      token(CLAIMS, { secret: OTHER_SECRET }),
      `${part({ alg: 'none' })}.${part(CLAIMS)}.AA`,
      `${part({ alg: 'HS256' })}.${part(CLAIMS)}.AA`,
    ]) {
      should(await agreedClaims(jwt)).equal(undefined);
    }
  });
});
