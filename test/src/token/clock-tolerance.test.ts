import should from 'should';
import { parseListenerOptions } from '../../../src/config/listener-options.js';
import { sharedSecret } from '../../../src/keys/shared-secret.js';
import { createVerifyToken } from '../../../src/token/verify-token.js';
import { tryToken } from '../../../src/trial/try-token.js';
import { CLAIMS, type Claims, SECRET, token } from '../../support/core/tokens.js';

/** Seconds since the epoch. */
const NOW = 2_000_000_000;

/** What becomes of a token at NOW. */
async function outcome(claims: Claims, clockTolerance: unknown): Promise<string> {
  const options = parseListenerOptions({ path: '/ws', clockTolerance }, SECRET);
  const currentDate = new Date(NOW * 1000);
  const verify = createVerifyToken({ ...options, keys: sharedSecret(SECRET), currentDate });
  return (async () => verify(token({ ...CLAIMS, ...claims })))().then(
    () => 'accepted',
    ({ code, because }: { code: string; because: { cause: string } }) => `${code} ${because.cause}`,
  );
}

describe('src/token: the clock tolerance', () => {
  const cases: [tolerance: unknown, exp: number, nbf: number][] = [
    // the oldest exp and the latest nbf that are good, relative to now
    [undefined, 1, 0],
    ['', 1, 0],
    ['0', 1, 0],
    [0, 1, 0],
    ['5', -4, 5],
    [' 5 ', -4, 5],
    [300, -299, 300],
  ];
  for (const [tolerance, exp, nbf] of cases) {
    it(`${JSON.stringify(tolerance)} counts for exp and nbf, to the second`, async () => {
      should(await outcome({ exp: NOW + exp }, tolerance)).equal('accepted');
      should(await outcome({ exp: NOW + exp - 1 }, tolerance)).equal('token_expired expired');
      should(await outcome({ nbf: NOW + nbf }, tolerance)).equal('accepted');
      should(await outcome({ nbf: NOW + nbf + 1 }, tolerance)).equal('token_invalid not-yet-valid');
      should(await outcome({ exp: Number.MAX_VALUE, nbf: -Number.MAX_VALUE }, tolerance)).equal('accepted');
    });
  }

  for (const tolerance of ['301', '-1', 'x', '5s', 'Infinity', true, '$(NOT_SET)']) {
    it(`${JSON.stringify(tolerance)} is a configuration error`, () => {
      should(() => parseListenerOptions({ path: '/ws', clockTolerance: tolerance }, SECRET)).throw({
        code: 'clock-tolerance',
      });
    });
  }

  it('is what a trial names as the reason', async () => {
    const now = Math.floor(Date.now() / 1000);
    const options = parseListenerOptions({ path: '/ws', clockTolerance: '300' }, SECRET);
    const jwt = token({ ...CLAIMS, exp: now - 60, nbf: now + 60 });
    const { verdict, checks } = await tryToken(jwt, options);
    should(verdict.kind).equal('accepted');
    for (const [name, at] of [
      ['expiry', now - 60],
      ['not-before', now + 60],
    ]) {
      should(checks.find((check) => check.name === name)).eql({
        name,
        finding: 'tolerated',
        values: { at, tolerance: '300' },
        result: 'passed',
      });
    }
  });
});
