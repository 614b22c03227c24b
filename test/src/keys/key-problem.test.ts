import { generateKeyPairSync } from 'node:crypto';
import type { JWK } from 'jose';
import should from 'should';
import { presentMembers } from '../../../src/keys/key-members.js';
import { type KeyProblem, keyProblem } from '../../../src/keys/key-problem.js';

const DEFAULT = ['RS256', 'ES256'];

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ format: 'jwk' }) as JWK;
const small = generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey.export({ format: 'jwk' }) as JWK;
const p256 = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' }) as JWK;
const p384 = generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey.export({ format: 'jwk' }) as JWK;
const ed = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' }) as JWK;

describe('src/keys/key-problem', () => {
  const rows: [string, object, readonly string[], KeyProblem | undefined][] = [
    ['a key for RS256', rsa, DEFAULT, undefined],
    [
      'a key for ES256 that says so',
      { ...p256, alg: 'ES256', use: 'sig', key_ops: ['verify'] },
      DEFAULT,
      undefined,
    ],
    ['a key for EdDSA', ed, ['EdDSA'], undefined],
    ['members that are null', { ...rsa, use: null, key_ops: [null] }, DEFAULT, undefined],
    ['a key for encryption', { ...rsa, use: 'enc' }, DEFAULT, 'use'],
    ['a key that signs only', { ...rsa, key_ops: ['sign'] }, DEFAULT, 'operations'],
    ['operations that are no list', { ...rsa, key_ops: 'verify' }, DEFAULT, 'operations'],
    ['a secret', { kty: 'oct', k: 'AAAA' }, DEFAULT, 'type'],
    ['a type of its own', { kty: 'XYZ' }, DEFAULT, 'type'],
    ['no type', {}, DEFAULT, 'type'],
    ['another algorithm', { ...rsa, alg: 'PS512' }, DEFAULT, 'algorithm'],
    ['a type that no algorithm is for', ed, DEFAULT, 'algorithm'],
    ['another curve', p384, DEFAULT, 'curve'],
    ['a curve of its own', { kty: 'EC', crv: 'secp256k1', x: 'AA', y: 'AA' }, DEFAULT, 'curve'],
    ['a short key', small, DEFAULT, 'weak'],
    ['a key without its modulus', { kty: 'RSA', e: 'AQAB' }, DEFAULT, 'broken'],
    ['a point that is on no curve', { ...p256, x: p256.y, y: p256.y }, DEFAULT, 'broken'],
  ];
  for (const [what, key, algorithms, problem] of rows) {
    it(`finds ${problem ?? 'nothing wrong'}: ${what}`, async () => {
      should(await keyProblem(presentMembers(key), algorithms)).equal(problem);
    });
  }
});
