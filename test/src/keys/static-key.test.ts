import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import should from 'should';
import { ConfigurationError } from '../../../src/config/codes.js';
import { loadJose } from '../../../src/keys/jose.js';
import { staticKey } from '../../../src/keys/static-key.js';
import { createVerifyToken } from '../../../src/token/verify-token.js';

const CLAIMS = { tenant_id: 'acme' };
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const weak = generateKeyPairSync('rsa', { modulusLength: 1024 });
const p256 = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const p384 = generateKeyPairSync('ec', { namedCurve: 'P-384' });
const edwards = generateKeyPairSync('ed25519');
const spki = (key: KeyObject) => String(key.export({ type: 'spki', format: 'pem' }));
const jwk = (key: KeyObject, more = {}) => JSON.stringify({ ...key.export({ format: 'jwk' }), ...more });

async function verify(text: string, alg: string, key: KeyObject, algorithms = [alg], kid?: string) {
  const { SignJWT } = await loadJose();
  const token = await new SignJWT(CLAIMS)
    .setProtectedHeader({ alg, ...(kid === undefined ? {} : { kid }) })
    .sign(key);
  const check = createVerifyToken({
    keys: staticKey(text, algorithms),
    tenant: { kind: 'claim', name: 'tenant_id' },
  });
  return (await check(token)).tenantId;
}

function problem(text: string, algorithms = ['RS256', 'ES256']): string {
  try {
    staticKey(text, algorithms);
    return 'none';
  } catch (error) {
    return error instanceof ConfigurationError ? error.code : String(error);
  }
}

describe('src/keys/static-key', () => {
  const good: readonly [what: string, text: string, alg: string, key: KeyObject][] = [
    ['a PEM (SPKI)', spki(rsa.publicKey), 'RS256', rsa.privateKey],
    [
      'a PEM (PKCS#1)',
      String(rsa.publicKey.export({ type: 'pkcs1', format: 'pem' })),
      'PS512',
      rsa.privateKey,
    ],
    ['literal line breaks', spki(rsa.publicKey).replaceAll('\n', '\\n'), 'RS256', rsa.privateKey],
    ['white space around it', `\n  ${spki(p256.publicKey)}  `, 'ES256', p256.privateKey],
    ['a JWK', jwk(p384.publicKey), 'ES384', p384.privateKey],
    ['a JWK Set', `{"keys":[${jwk(weak.publicKey)},${jwk(rsa.publicKey)}]}`, 'RS256', rsa.privateKey],
    ['a key for EdDSA', spki(edwards.publicKey), 'EdDSA', edwards.privateKey],
  ];
  for (const [what, text, alg, key] of good) {
    it(`verifies with ${what}, whatever id the token names`, async () => {
      should(await verify(text, alg, key)).equal('acme');
      should(await verify(text, alg, key, [alg], 'some-id')).equal('acme');
    });
  }

  it('tells keys with ids apart', async () => {
    const set = `{"keys":[${jwk(rsa.publicKey, { kid: 'a' })},${jwk(p256.publicKey, { kid: 'b' })}]}`;
    should(await verify(set, 'RS256', rsa.privateKey, ['RS256'], 'a')).equal('acme');
    await should(verify(set, 'RS256', rsa.privateKey, ['RS256'], 'b')).be.rejectedWith({
      code: 'token_invalid',
    });
  });

  const bad: readonly [what: string, text: string, expected: string][] = [
    ['a private key', String(rsa.privateKey.export({ type: 'pkcs8', format: 'pem' })), 'public-key-private'],
    [
      'a private key (SEC1)',
      String(p256.privateKey.export({ type: 'sec1', format: 'pem' })),
      'public-key-private',
    ],
    ['a private JWK', jwk(p256.privateKey), 'public-key-private'],
    [
      'a private JWK whose members are escaped',
      jwk(p256.privateKey).replace('"d"', '"\\u0064"'),
      'public-key-private',
    ],
    [
      'a set with one private key',
      `{"keys":[${jwk(rsa.publicKey)},${jwk(rsa.privateKey)}]}`,
      'public-key-private',
    ],
    ['a secret as a JWK', '{"kty":"oct","k":"c2VjcmV0"}', 'public-key-private'],
    ['an RSA key of 1024 bits', spki(weak.publicKey), 'public-key-unusable'],
    ['a key on another curve', spki(p384.publicKey), 'public-key-unusable'],
    ['a key of another kind', spki(edwards.publicKey), 'public-key-unusable'],
    ['a key for encryption', jwk(rsa.publicKey, { use: 'enc' }), 'public-key-unusable'],
    ['a key for another algorithm', jwk(rsa.publicKey, { alg: 'RS384' }), 'public-key-unusable'],
    ['an empty set', '{"keys":[]}', 'public-key-unusable'],
    ['a broken PEM', '-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----', 'public-key'],
    ['broken JSON', '{"kty":', 'public-key'],
    ['a text', 'my key', 'public-key'],
    ['nothing', '', 'public-key'],
  ];
  for (const [what, text, expected] of bad) {
    it(`says ${expected} of ${what}`, () => should(problem(text)).equal(expected));
  }
});
