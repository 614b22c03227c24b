import { generateKeyPairSync, type KeyObject, type SigningOptions, sign } from 'node:crypto';
import should from 'should';
import { JwksServer } from '../support/core/jwks-server.js';
import { CLAIMS, type Claims, part, SECRET, seconds, token } from '../support/core/tokens.js';
import { attackKeySet } from '../support/hostile/jwks-target.js';

const VALID = { ...CLAIMS, exp: seconds(600) };

/** A key pair as the endpoint publishes it, and how to sign with it under any header. */
interface Pair {
  readonly jwk: Claims;
  sign(header: Claims, options?: SigningOptions): string;
}

function pair(keys: { publicKey: KeyObject; privateKey: KeyObject }, published: Claims): Pair {
  const { privateKey, publicKey } = keys;
  return {
    jwk: { ...publicKey.export({ format: 'jwk' }), ...published },
    sign(header, options = {}) {
      const input = `${part(header)}.${part(VALID)}`;
      const hash = privateKey.asymmetricKeyType === 'ed25519' ? null : `sha${String(header.alg).slice(2)}`;
      const bytes = sign(hash, Buffer.from(input), {
        dsaEncoding: 'ieee-p1363',
        ...options,
        key: privateKey,
      });
      return `${input}.${bytes.toString('base64url')}`;
    },
  };
}

function rsaPair(published: Claims, modulusLength = 2048): Pair {
  return pair(generateKeyPairSync('rsa', { modulusLength }), published);
}

function emptySignature(header: Claims, bytes: number): string {
  return `${part(header)}.${part(VALID)}.${Buffer.alloc(bytes).toString('base64url')}`;
}

describe('hostile: keys', () => {
  const rsa = rsaPair({ kid: 'rsa', alg: 'RS256', use: 'sig' });
  const evil = rsaPair({ kid: 'rsa', alg: 'RS256', use: 'sig' });
  const weak = rsaPair({ kid: 'weak', alg: 'RS256' }, 1024);
  const sealing = rsaPair({ kid: 'enc', use: 'enc' });
  const ec = pair(generateKeyPairSync('ec', { namedCurve: 'P-256' }), {
    kid: 'ec',
    alg: 'ES256',
    use: 'sig',
  });
  const p384 = pair(generateKeyPairSync('ec', { namedCurve: 'P-384' }), { kid: 'p384' });
  const edwards = pair(generateKeyPairSync('ed25519'), { kid: 'ed' });
  const octets = { kty: 'oct', k: Buffer.from(SECRET).toString('base64url'), kid: 'oct', alg: 'HS256' };
  const broken = { kty: 'RSA', kid: 'broken', alg: 'RS256', n: '', e: '' };
  const junk = [null, 7, 'evil', {}, { kty: 'evil' }, broken];

  let endpoint: JwksServer;
  let trap: JwksServer;
  before(async () => {
    const published = [rsa, ec, weak, sealing, p384, edwards].map(({ jwk }) => jwk);
    endpoint = await JwksServer.start([...published, octets, ...junk]);
    trap = await JwksServer.start([evil.jwk]);
  });
  after(async () => {
    await endpoint.stop();
    await trap.stop();
  });

  const rs = { alg: 'RS256', kid: 'rsa' };
  const es = { alg: 'ES256', kid: 'ec' };

  /** What the token is, the token, the answer, and how often the endpoint may be asked about it. */
  const rows: [string, () => string, '101' | '401 token_invalid', number][] = [
    ['RS256', () => rsa.sign(rs), '101', 0],
    ['ES256', () => ec.sign(es), '101', 0],
    ['RS256 without a kid', () => rsa.sign({ alg: 'RS256' }), '101', 0],
    [
      'HS256 with the public key for a secret',
      () => token(VALID, { header: { kid: 'rsa' }, secret: String(rsa.jwk.n) }),
      '401 token_invalid',
      0,
    ],
    [
      'HS256 with a secret that the set publishes',
      () => token(VALID, { header: { kid: 'oct' } }),
      '401 token_invalid',
      0,
    ],
    ['RS256 with another key under the same kid', () => evil.sign(rs), '401 token_invalid', 1],
    ['a jku', () => evil.sign({ ...rs, jku: trap.uri }), '401 token_invalid', 1],
    ['an x5u', () => evil.sign({ ...rs, x5u: trap.uri }), '401 token_invalid', 1],
    ['an embedded jwk', () => evil.sign({ ...rs, jwk: evil.jwk }), '401 token_invalid', 1],
    ['an embedded x5c', () => evil.sign({ ...rs, x5c: ['AAAA'] }), '401 token_invalid', 1],
    [
      'a jku whose kid is not in the set',
      () => evil.sign({ alg: 'RS256', kid: 'evil', jku: trap.uri }),
      '401 token_invalid',
      1,
    ],
    ['a kid that is a URL', () => evil.sign({ alg: 'RS256', kid: trap.uri }), '401 token_invalid', 1],
    [
      'a kid named as the prototype',
      () => rsa.sign({ alg: 'RS256', kid: '__proto__' }),
      '401 token_invalid',
      1,
    ],
    ['a kid that is not a text', () => rsa.sign({ alg: 'RS256', kid: { $ne: 1 } }), '401 token_invalid', 1],
    ['RS384 with the right key', () => rsa.sign({ alg: 'RS384', kid: 'rsa' }), '401 token_invalid', 0],
    ['RS512 with the right key', () => rsa.sign({ alg: 'RS512', kid: 'rsa' }), '401 token_invalid', 0],
    [
      'PS256 with the right key',
      () => rsa.sign({ alg: 'PS256', kid: 'rsa' }, { padding: 6, saltLength: 32 }),
      '401 token_invalid',
      0,
    ],
    ['ES384', () => p384.sign({ alg: 'ES384', kid: 'p384' }), '401 token_invalid', 0],
    ['ES256 with a P-384 key', () => p384.sign({ alg: 'ES256', kid: 'p384' }), '401 token_invalid', 1],
    ['EdDSA', () => edwards.sign({ alg: 'EdDSA', kid: 'ed' }), '401 token_invalid', 0],
    ['alg none', () => `${part({ alg: 'none', kid: 'rsa' })}.${part(VALID)}.AAAA`, '401 token_invalid', 0],
    ['RS256 with a key of 1024 bits', () => weak.sign({ alg: 'RS256', kid: 'weak' }), '401 token_invalid', 0],
    [
      'RS256 with a key that is published for encryption',
      () => sealing.sign({ alg: 'RS256', kid: 'enc' }),
      '401 token_invalid',
      1,
    ],
    [
      'RS256 with a broken key of the set',
      () => rsa.sign({ alg: 'RS256', kid: 'broken' }),
      '401 token_invalid',
      0,
    ],
    ['RS256 with the kid of an EC key', () => rsa.sign({ alg: 'RS256', kid: 'ec' }), '401 token_invalid', 1],
    ['ES256 with zeros for a signature', () => emptySignature(es, 64), '401 token_invalid', 1],
    ['RS256 with zeros for a signature', () => emptySignature(rs, 256), '401 token_invalid', 1],
    ['ES256 with a signature in DER', () => ec.sign(es, { dsaEncoding: 'der' }), '401 token_invalid', 1],
  ];
  for (const [what, make, answer, fetches] of rows) {
    it(`answers ${answer} to ${what}, and asks the endpoint ${fetches === 0 ? 'nothing' : 'at most once'}`, () =>
      attackKeySet({ endpoint, bystander: rsa.sign(rs) }, async (target) => {
        const before = endpoint.fetches;
        should(await target.answerToToken(make())).equal(answer);
        should(endpoint.fetches - before).equal(fetches);
        should(trap.fetches).equal(0);
      }));
  }
});
