import { createHash } from 'node:crypto';
import should from 'should';
import { sharedSecret } from '../../../src/keys/shared-secret.js';
import type { RefusalCause, TokenRefused } from '../../../src/token/token-refused.js';
import { createVerifyToken } from '../../../src/token/verify-token.js';
import { JwksServer } from '../../support/core/jwks-server.js';
import { ListenerServer } from '../../support/core/listener-server.js';
import { answerOf, rawSocket, upgradeRequest } from '../../support/core/raw-client.js';
import { CLAIMS, OTHER_SECRET, part, SECRET, seconds, signer, token } from '../../support/core/tokens.js';

const STRICT = { iss: 'https://issuer', aud: 'chat' };
const EXPECTED = { jwtIssuer: STRICT.iss, jwtAudience: STRICT.aud };
const good = (claims = {}) => ({ ...CLAIMS, ...STRICT, ...claims });

/** Refused with one and the same code, for as many causes. */
const INVALID: Record<string, readonly [RefusalCause, () => string]> = {
  'another secret': ['signature', () => token(good(), { secret: OTHER_SECRET })],
  'an nbf to come': ['not-yet-valid', () => token(good({ nbf: seconds(60) }))],
  'another issuer': ['issuer', () => token(good({ iss: 'https://issuer/' }))],
  'no audience': ['audience', () => token(good({ aud: undefined }))],
  'another algorithm': ['algorithm', () => token(good(), { header: { alg: 'HS512' } })],
  'no algorithm': ['algorithm', () => `${part({ alg: 'none' })}.${part(CLAIMS)}.AA`],
  'a newline at the end': ['form', () => `${token(good())}%0A`],
  quotes: ['form', () => `%22${token(good())}%22`],
  Bearer: ['form', () => `Bearer%20${token(good())}`],
  undefined: ['form', () => 'undefined'],
  padding: ['form', () => `${token(good())}=`],
  'an opaque token': ['form', () => createHash('sha256').update('x').digest('hex')],
  'a JWE': ['form', () => `${part({ alg: 'dir', enc: 'A256GCM' })}..QUJD.QUJD.QUJD`],
  'an nbf that is text': ['form', () => token(good({ nbf: 'soon' }))],
  'a token too long': ['too-long', () => token(good({ filler: 'x'.repeat(8192) }))],
  'two tokens': ['two-tokens', () => `${token(good())}&token=${token(good())}`],
};

describe('src/token: causes of refusals', () => {
  let server: ListenerServer;
  before(async () => {
    server = await ListenerServer.start({ properties: EXPECTED });
  });
  after(() => server.stop());

  async function refusalOf(jwt: string) {
    const refused = server.next('refused');
    const socket = await rawSocket(Number(new URL(server.origin).port), upgradeRequest(`/ws?token=${jwt}`));
    const answer = await answerOf(socket);
    return { answer, event: await refused };
  }

  for (const [what, [cause, make]] of Object.entries(INVALID)) {
    it(`names the cause in the event: ${what}`, async () => {
      const { event } = await refusalOf(make());
      should(event).match({ code: 'token_invalid', because: { cause } });
    });
  }

  it('tells the peer the same bytes whatever the cause', async () => {
    const answers = new Set<string>();
    for (const [, make] of Object.values(INVALID)) answers.add((await refusalOf(make())).answer);
    should(answers.size).equal(1);
    should([...answers][0]).match(/^HTTP\/1\.1 401 .*\{"error":"token_invalid"\}$/s);
  });

  it('tells the peer the same bytes however long a token has been expired, or is yet to begin', async () => {
    for (const claim of ['exp', 'nbf']) {
      const answers = new Set<string>();
      for (const offset of [1, 5, 100_000]) {
        const at = seconds(claim === 'exp' ? -offset : offset + 1);
        answers.add((await refusalOf(token(good({ [claim]: at })))).answer);
      }
      should(answers.size).equal(1);
    }
  });

  it('counts the seconds that a clock is off', async () => {
    const now = 1_700_000_000;
    const verify = createVerifyToken({
      keys: sharedSecret(SECRET),
      tenant: { kind: 'claim', name: 'tenant_id' },
      currentDate: new Date(now * 1000),
    });
    const because = (claims: object | string) =>
      (async () => verify(token(typeof claims === 'string' ? claims : { ...CLAIMS, ...claims })))().then(
        () => 'accepted',
        (refused: TokenRefused) => refused.because,
      );
    should(await because({ nbf: now + 2 })).eql({ cause: 'not-yet-valid', seconds: 2 });
    should(await because({ nbf: now + 0.5 })).eql({ cause: 'not-yet-valid', seconds: 1 });
    should(await because({ exp: now - 86_400 })).eql({ cause: 'expired', seconds: 86_400 });
    should(await because('{"tenant_id":"acme","exp":-1e400}')).eql({ cause: 'expired' });
    should(await because({ exp: now })).eql({ cause: 'expired', seconds: 0 });
    should(await because({ exp: now + 1, nbf: now })).equal('accepted');
  });

  it('names a tenant that is missing, and needs no cause for a missing token', async () => {
    const tenant = await refusalOf(token({ ...STRICT, sub: 'ann' }));
    should(tenant.event).match({ code: 'tenant_missing', because: { cause: 'tenant' } });
    const missing = await refusalOf('');
    should(missing.event.because).equal(undefined);
  });

  it('tells an unknown key from one that cannot be used, and from a wrong signature', async () => {
    const known = await signer('RS256', 'a');
    const broken = { ...(await signer('ES256', 'b')).jwk, x: 'AA' };
    const endpoint = await JwksServer.start([known.jwk, broken]);
    const keys = await ListenerServer.start({
      properties: { jwtValidation: 'jwks', jwksUri: endpoint.uri },
    });
    const causeOf = async (jwt: string) => {
      const refused = keys.next('refused');
      await rawSocket(Number(new URL(keys.origin).port), upgradeRequest(`/ws?token=${jwt}`)).then(answerOf);
      return (await refused).because;
    };
    should(await causeOf(await (await signer('RS256', 'other')).sign())).eql({ cause: 'unknown-key' });
    should(await causeOf(await (await signer('ES256', 'b')).sign())).eql({ cause: 'unknown-key' });
    should(await causeOf(await (await signer('RS256', 'a')).sign())).eql({ cause: 'signature' });
    should(await causeOf(token(CLAIMS, { header: { kid: 'a' } }))).eql({ cause: 'algorithm' });
    await keys.stop();
    await endpoint.stop();
  });
});
