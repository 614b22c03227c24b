import { createHmac, createPublicKey } from 'node:crypto';
import should from 'should';
import { jwks } from '../../../src/keys/jwks.js';
import type { VerifyingKeys } from '../../../src/keys/keys.js';
import { sharedSecret } from '../../../src/keys/shared-secret.js';
import { createIdentify } from '../../../src/token/identify.js';
import {
  createVerifyToken,
  type VerifyToken,
  type VerifyTokenOptions,
} from '../../../src/token/verify-token.js';
import { JwksServer } from '../../support/core/jwks-server.js';
import {
  CLAIMS,
  OTHER_SECRET,
  part,
  SECRET,
  type Signer,
  seconds,
  signer,
  token,
} from '../../support/core/tokens.js';

const TENANT = { kind: 'claim', name: 'tenant_id' } as const;

function hs256(options: Partial<VerifyTokenOptions> = {}): VerifyToken {
  return createVerifyToken({ keys: sharedSecret(SECRET), tenant: TENANT, ...options });
}

async function outcome(verify: VerifyToken, jwt: string): Promise<string> {
  return (async () => verify(jwt))().then(
    () => 'accepted',
    (error: { code: string }) => error.code,
  );
}

describe('src/token/verify-token', () => {
  describe('with a shared secret', () => {
    it('makes a frozen identity of a valid token', async () => {
      const claims = { ...CLAIMS, exp: seconds(60), roles: { admin: true } };
      const identity = await hs256()(token(claims));
      should(identity).eql({ claims, tenantId: 'acme', subject: 'ann', authStatus: 'verified' });
      should(Object.isFrozen(identity)).equal(true);
      should(Object.isFrozen(identity.claims)).equal(true);
      should(Object.isFrozen(identity.claims.roles)).equal(true);
    });

    it('takes no subject but a string', async () => {
      should((await hs256()(token({ tenant_id: 'acme', sub: 7 }))).subject).equal(undefined);
      should((await hs256()(token({ tenant_id: 'acme' }))).subject).equal(undefined);
    });

    const refused: Record<string, [string, () => string]> = {
      'another secret': ['token_invalid', () => token(CLAIMS, { secret: OTHER_SECRET })],
      'alg none': ['token_invalid', () => `${part({ alg: 'none' })}.${part(CLAIMS)}.AA`],
      'alg none without a signature': ['token_invalid', () => `${part({ alg: 'none' })}.${part(CLAIMS)}.`],
      'alg HS384': ['token_invalid', () => signedWith('sha384', 'HS384')],
      'alg HS512': ['token_invalid', () => signedWith('sha512', 'HS512')],
      'alg hs256 in lower case': ['token_invalid', () => token(CLAIMS, { header: { alg: 'hs256' } })],
      'an unknown crit': ['token_invalid', () => token(CLAIMS, { header: { crit: ['x'], x: 1 } })],
      'a crit with CR LF': [
        'token_invalid',
        () => token(CLAIMS, { header: { crit: ['a\r\nX: y'], 'a\r\nX: y': 1 } }),
      ],
      'an unencoded payload': [
        'token_invalid',
        () => token(CLAIMS, { header: { b64: false, crit: ['b64'] } }),
      ],
      'an expired exp': ['token_expired', () => token({ ...CLAIMS, exp: seconds(-1) })],
      'an exp that is text': ['token_invalid', () => token({ ...CLAIMS, exp: String(seconds(60)) })],
      'an infinite exp': ['token_invalid', () => token('{"tenant_id":"acme","exp":1e400}')],
      'a null exp': ['token_invalid', () => token({ ...CLAIMS, exp: null })],
      'a later nbf': ['token_invalid', () => token({ ...CLAIMS, nbf: seconds(60) })],
      'an infinitely early nbf': ['token_invalid', () => token('{"tenant_id":"acme","nbf":-1e400}')],
      'claims that are an array': ['token_invalid', () => token('[]')],
      'claims that are null': ['token_invalid', () => token('null')],
      'claims that are not JSON': ['token_invalid', () => token('{"tenant_id":')],
      'no tenant': ['tenant_missing', () => token({ sub: 'ann' })],
      'an empty tenant': ['tenant_missing', () => token({ tenant_id: '' })],
      'a tenant that is a list': ['tenant_missing', () => token({ tenant_id: ['acme'] })],
    };
    for (const [what, [code, make]] of Object.entries(refused)) {
      it(`refuses ${what} with ${code}`, async () => {
        should(await outcome(hs256(), make())).equal(code);
      });
    }

    it('accepts a token without exp, and one whose nbf has passed', async () => {
      should(await outcome(hs256(), token(CLAIMS))).equal('accepted');
      should(await outcome(hs256(), token({ ...CLAIMS, nbf: seconds(-1) }))).equal('accepted');
    });

    it('checks issuer and audience where they are configured', async () => {
      const verify = hs256({ issuer: 'https://issuer', audience: 'chat' });
      should(await outcome(verify, token({ ...CLAIMS, iss: 'https://issuer', aud: 'chat' }))).equal(
        'accepted',
      );
      should(await outcome(verify, token({ ...CLAIMS, iss: 'https://issuer', aud: ['a', 'chat'] }))).equal(
        'accepted',
      );
      should(await outcome(verify, token({ ...CLAIMS, iss: 'https://issuer' }))).equal('token_invalid');
      should(await outcome(verify, token({ ...CLAIMS, aud: 'chat' }))).equal('token_invalid');
      should(await outcome(verify, token({ ...CLAIMS, iss: 'https://other', aud: 'chat' }))).equal(
        'token_invalid',
      );
      should(await outcome(verify, token({ ...CLAIMS, iss: 'https://issuer', aud: 'chats' }))).equal(
        'token_invalid',
      );
      should(await outcome(verify, token({ ...CLAIMS, iss: ['https://issuer'], aud: 'chat' }))).equal(
        'token_invalid',
      );
    });

    it('gives everybody the static tenant, whatever the token says', async () => {
      const identity = await hs256({ tenant: { kind: 'static', tenantId: 'house' } })(token(CLAIMS));
      should(identity.tenantId).equal('house');
    });

    it('says nothing of the token in its errors', async () => {
      const jwt = token({ ...CLAIMS, secretClaim: 'very-private' }, { secret: OTHER_SECRET });
      const error = await (async () => hs256()(jwt))().catch((reason: Error) => reason);
      const said = JSON.stringify(error, Object.getOwnPropertyNames(error));
      should(said).not.containEql(jwt);
      should(said).not.containEql('very-private');
      should((error as Error).cause).equal(undefined);
    });
  });

  describe('with a key set', () => {
    let endpoint: JwksServer;
    let keys: VerifyingKeys;
    let rsa: Signer;
    let ec: Signer;
    let verify: VerifyToken;

    before(async () => {
      rsa = await signer('RS256', 'rsa-1');
      ec = await signer('ES256', 'ec-1');
      endpoint = await JwksServer.start([rsa.jwk, ec.jwk]);
      keys = jwks(endpoint.uri, () => {});
      verify = createVerifyToken({ keys, tenant: TENANT });
    });
    after(async () => {
      keys.close();
      await endpoint.stop();
    });

    it('accepts RS256 and ES256', async () => {
      should(await outcome(verify, await rsa.sign())).equal('accepted');
      should(await outcome(verify, await ec.sign())).equal('accepted');
    });

    it('refuses HS256 made with the public key', async () => {
      const key = { key: rsa.jwk, format: 'jwk' } as unknown as Parameters<typeof createPublicKey>[0];
      for (const secret of [
        createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString(),
        JSON.stringify(rsa.jwk),
        String(rsa.jwk.n),
      ]) {
        should(await outcome(verify, token(CLAIMS, { secret, header: { kid: 'rsa-1' } }))).equal(
          'token_invalid',
        );
      }
    });

    it('never fetches or uses a key that the token brings along', async () => {
      const evil = await signer('RS256', 'rsa-1');
      const trap = await JwksServer.start([evil.jwk]);
      for (const header of [{ jku: trap.uri }, { x5u: trap.uri }, { jwk: evil.jwk }, { x5c: ['AAAA'] }]) {
        should(await outcome(verify, await evil.sign(CLAIMS, header))).equal('token_invalid');
      }
      should(trap.fetches).equal(0);
      await trap.stop();
    });

    it('tries the keys of a set without key ids, four at most', async () => {
      const signers = await Promise.all(Array.from({ length: 6 }, () => signer('ES256', undefined)));
      const unnamed = await JwksServer.start(signers.map(({ jwk }) => jwk));
      const many = jwks(unnamed.uri, () => {});
      const check = createVerifyToken({ keys: many, tenant: TENANT });
      const outcomes = await Promise.all(signers.map(async (one) => outcome(check, await one.sign())));
      should(outcomes).eql([
        'accepted',
        'accepted',
        'accepted',
        'accepted',
        'token_invalid',
        'token_invalid',
      ]);
      const expired = await (signers[1] as Signer).sign({ ...CLAIMS, exp: seconds(-5) });
      should(await outcome(check, expired)).equal('token_expired');
      many.close();
      await unnamed.stop();
    });
  });

  it('makes everybody anonymous in mode none', () => {
    const nobody = createIdentify({ kind: 'anonymous', close: () => {} }, { tenant: TENANT });
    should(nobody).eql({
      kind: 'anonymous',
      identity: { claims: {}, tenantId: null, subject: undefined, authStatus: 'none' },
    });
    const tenant = { kind: 'static', tenantId: 'house' } as const;
    const house = createIdentify({ kind: 'anonymous', close: () => {} }, { tenant });
    should(house).match({ kind: 'anonymous', identity: { tenantId: 'house' } });
  });
});

function signedWith(hash: string, alg: string): string {
  const input = `${part({ alg })}.${part(CLAIMS)}`;
  return `${input}.${createHmac(hash, SECRET).update(input).digest('base64url')}`;
}
