import { generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';
import should from 'should';
import { secretKeys, secretProblem } from '../../../src/config/secret.js';
import { SECRET_ENCODINGS, type SecretEncoding } from '../../../src/config/secret-encoding.js';
import { Authority } from '../../support/core/certificates.js';
import { SECRET, token } from '../../support/core/tokens.js';

const RSA = generateKeyPairSync('rsa', { modulusLength: 2048 });
const EC = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const ED = generateKeyPairSync('ed25519');

function pem({ publicKey, privateKey }: { publicKey: KeyObject; privateKey: KeyObject }) {
  return {
    spki: String(publicKey.export({ type: 'spki', format: 'pem' })),
    pkcs8: String(privateKey.export({ type: 'pkcs8', format: 'pem' })),
  };
}

const JWK = { ...RSA.publicKey.export({ format: 'jwk' }), kid: '1', use: 'sig' };
const SSH_KEY = Buffer.concat(
  [Buffer.from('ssh-rsa'), Buffer.from([1, 0, 1]), Buffer.alloc(257, 7)].flatMap((part) => [
    Buffer.from([0, 0, part.length >> 8, part.length & 255]),
    part,
  ]),
).toString('base64');
const CERTIFICATE = new Authority().cert;

/** What people have pasted, by what it is. */
const PUBLIC: Readonly<Record<string, string>> = {
  'an RSA public key': pem(RSA).spki,
  'an RSA public key (PKCS#1)': String(RSA.publicKey.export({ type: 'pkcs1', format: 'pem' })),
  'an EC public key': pem(EC).spki,
  'an Ed25519 public key': pem(ED).spki,
  'a private key': pem(RSA).pkcs8,
  'a private key (PKCS#1)': String(RSA.privateKey.export({ type: 'pkcs1', format: 'pem' })),
  'a private key (SEC1)': String(EC.privateKey.export({ type: 'sec1', format: 'pem' })),
  'an Ed25519 private key': pem(ED).pkcs8,
  'a certificate': CERTIFICATE,
  'a PGP key': '-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nmQENBFxyz\n-----END PGP PUBLIC KEY BLOCK-----',
  'an SSH2 key': '---- BEGIN SSH2 PUBLIC KEY ----\nAAAAB3NzaC1yc2EAAAADAQAB\n---- END SSH2 PUBLIC KEY ----',
  'an OpenSSH key': `ssh-rsa ${SSH_KEY} ann@example.com`,
  'an OpenSSH key of another kind': `ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTY=`,
  'an OpenSSH key without its kind': SSH_KEY,
  'a JWK': JSON.stringify(JWK),
  'a JWK of a secret': JSON.stringify({ kty: 'oct', k: randomBytes(32).toString('base64url') }),
  'a JWK Set': JSON.stringify({ keys: [JWK] }),
  'a JWK Set, pretty printed': JSON.stringify({ keys: [JWK] }, null, 2),
  'an empty JWK Set': '{ "keys" : [                                        ] }',
  'a list of JWKs': JSON.stringify([JWK]),
  'a JWK that is quoted': JSON.stringify(JSON.stringify(JWK)),
  'a JWK as JavaScript': `{ kty: 'RSA', n: '${JWK.n}', e: 'AQAB' }`,
  'a discovery document': JSON.stringify({ issuer: 'https://a.example', jwks_uri: 'https://a.example/k' }),
  'a URL': 'https://login.example.com/.well-known/jwks.json',
  'a URL without its scheme': 'login.example.com/.well-known/jwks.json',
  'a key as openssl prints it': 'Public-Key: (2048 bit)\nModulus:\n    00:c1:aa:0b:67:91:22:4d:33',
  'a key of .NET': '<RSAKeyValue><Modulus>vT8Fyz0qnQ==</Modulus><Exponent>AQAB</Exponent></RSAKeyValue>',
  'the name of a file': '/etc/node-red/keys/login-public-key.pem',
  'the secret of an example': 'a-string-secret-at-least-256-bits-long',
  'a token': token(),
};

/** How they were copied. */
const COPIES: Readonly<Record<string, (text: string) => string>> = {
  'as it is': (text) => text,
  'with literal \\n': (text) => text.replaceAll('\n', '\\n'),
  'with literal \\r\\n': (text) => text.replaceAll('\n', '\\r\\n'),
  'on one line': (text) => text.replaceAll('\n', ' '),
  'with CR LF': (text) => text.replaceAll('\n', '\r\n'),
  'with a byte order mark and white space around': (text) => `\uFEFF \n${text}\n\t `,
  'in quotes': (text) => `"${text}"`,
  'percent-encoded': encodeURIComponent,
  'in base64': (text) => Buffer.from(text).toString('base64'),
  'in base64url': (text) => Buffer.from(text).toString('base64url'),
};

function problem(secret: string, encoding: SecretEncoding = 'utf8') {
  return secretProblem(secret, (name) => (name === 'jwtSecretEncoding' ? encoding : ''));
}

describe('src/config/secret', () => {
  for (const [what, text] of Object.entries(PUBLIC)) {
    it(`refuses ${what} as a secret, in whatever way it was copied`, () => {
      for (const [how, copy] of Object.entries(COPIES)) {
        for (const encoding of SECRET_ENCODINGS) {
          should(problem(copy(text), encoding)).equal('secret-public', `${how}, ${encoding}`);
        }
      }
    });
  }

  it('refuses keys in base64 or hex that have lost their header lines, and what is left of a key', () => {
    const keys = Object.entries(PUBLIC).filter(([, text]) => /^-----BEGIN (?!PGP)/.test(text));
    should(keys.length).be.above(8);
    for (const [what, text] of keys) {
      const body = text.replace(/-----[^\n]*-----/g, '');
      const der = Buffer.from(body, 'base64');
      for (const digits of [
        body,
        body.replaceAll('\n', ''),
        body.replaceAll('\n', '\\n'),
        der.toString('base64url'),
        der.toString('hex'),
        body.trim().split('\n')[0] ?? '',
      ]) {
        should(problem(digits)).equal('secret-public', what);
      }
    }
  });

  it('takes random bytes for what they are, in every encoding', () => {
    for (let i = 0; i < 5000; i += 1) {
      const bytes = randomBytes(32 + (i % 64));
      for (const encoding of ['base64', 'base64url', 'hex'] as const) {
        const text = bytes.toString(encoding);
        should(problem(text)).equal(undefined, text);
        should(problem(text, encoding)).equal(undefined, text);
      }
    }
  });

  it('takes honest words for what they are', () => {
    for (const text of [
      SECRET,
      'the keys: are under the mat, as always, my dear',
      'let us BEGIN with something entirely different: a larch',
      'MIIthisIsNoKeyButStartsLikeOneInBase64ForSure',
      'x://y z{"no":"json either, in all its 32 bytes"}',
      'ssh-me-home-please-and-quickly-by-the-river-road',
    ]) {
      should(problem(text)).equal(undefined, text);
    }
  });

  it('counts bytes after decoding', () => {
    const bytes = (length: number, encoding: BufferEncoding) => Buffer.alloc(length, 201).toString(encoding);
    for (const encoding of ['base64', 'base64url', 'hex'] as const) {
      should(problem(bytes(31, encoding), encoding)).equal('secret-short');
      should(problem(bytes(32, encoding), encoding)).equal(undefined);
      should(secretKeys(bytes(33, encoding), encoding).map((key) => Buffer.from(key))).eql([
        Buffer.alloc(33, 201),
      ]);
    }
    should(problem('ü'.repeat(16))).equal(undefined);
    should(problem('x'.repeat(31))).equal('secret-short');
    should(problem(`${'x'.repeat(31)} `)).equal('secret-short');
  });

  it('says that a text is not in its encoding', () => {
    const random = randomBytes(48);
    const wrong: [SecretEncoding, string][] = [
      ['base64', `${'A'.repeat(42)}-_`],
      ['base64', 'A'.repeat(45)],
      ['base64', `${'A'.repeat(44)}=`],
      ['base64', `AA=${'A'.repeat(41)}`],
      ['base64', SECRET],
      ['base64url', `${'A'.repeat(42)}+/`],
      ['base64url', `${'A'.repeat(44)}.`],
      ['hex', '0'.repeat(65)],
      ['hex', `0x${'0'.repeat(64)}`],
      ['hex', random.toString('base64')],
    ];
    for (const [encoding, text] of wrong) should(problem(text, encoding)).equal('secret-encoding', text);
  });

  it('takes base64 as openssl breaks it, with its padding or without', () => {
    const bytes = randomBytes(64);
    const base64 = bytes.toString('base64');
    for (const text of [base64, base64.replace(/=+$/, ''), base64.replace(/.{64}/, '$&\n'), ` ${base64}\n`]) {
      should(problem(text, 'base64')).equal(undefined);
      should(secretKeys(text, 'base64').map((key) => Buffer.from(key))).eql([bytes]);
    }
  });

  it('refuses a variable inside of a secret', () => {
    const variable = '$'.concat('{NAME}');
    for (const text of [`x${variable}`, ` ${variable}`, `${SECRET}${variable}`, `${SECRET}$`.concat('{')]) {
      should(problem(text)).equal('secret-variable', text);
    }
  });

  it('drops white space around a secret, and keeps the key that 2.0 made of it for the tokens there are', () => {
    const keys = (secret: string) => secretKeys(secret).map((key) => Buffer.from(key).toString());
    should(keys(SECRET)).eql([SECRET]);
    should(keys(` ${SECRET}\n`)).eql([SECRET, ` ${SECRET}\n`]);
  });
});
