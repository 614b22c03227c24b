import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import should from 'should';
import type { KeysEvent } from '../../../src/events/events.js';
import { jwks } from '../../../src/keys/jwks.js';
import type { VerifyingKeys } from '../../../src/keys/keys.js';
import { createVerifyToken } from '../../../src/token/verify-token.js';
import { JwksServer } from '../../support/core/jwks-server.js';
import { CLAIMS, type Signer, signer } from '../../support/core/tokens.js';

const WEAK = [1, 2, 3, 4, 5].map(() => generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey);
const P384 = generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey;
const EDWARDS = generateKeyPairSync('ed25519').publicKey;

function published(key: KeyObject, more: object): object {
  return { ...key.export({ format: 'jwk' }), ...more };
}

describe('src/keys/key-set', () => {
  let rsa: Signer;
  let ec: Signer;
  let endpoint: JwksServer;
  let keys: VerifyingKeys;
  let events: KeysEvent[];

  before(async () => {
    rsa = await signer('RS256', 'k1');
    ec = await signer('ES256', 'k2');
  });
  beforeEach(async () => {
    endpoint = await JwksServer.start();
  });
  afterEach(async () => {
    keys.close();
    await endpoint.stop();
  });

  /** What becomes of a token where this is published. */
  async function outcome(set: readonly unknown[], jwt: string): Promise<string> {
    endpoint.answer = JwksServer.keys(set);
    events = [];
    keys = jwks(endpoint.uri, (event) => events.push(event));
    const verify = createVerifyToken({ keys, tenant: { kind: 'claim', name: 'tenant_id' } });
    return (async () => verify(jwt))().then(
      () => 'accepted',
      (error: { code: string }) => error.code,
    );
  }

  const ABSENT = [
    { key_ops: [] },
    { key_ops: [null] },
    { key_ops: ['verify', null] },
    { key_ops: null, use: null, alg: null, ext: null, x5c: null, x5t: null, 'x5t#S256': null, x5u: null },
    { d: null, p: null, q: null, dp: null, dq: null, qi: null, oth: null, k: null },
    { use: '', alg: '' },
  ];
  for (const members of ABSENT) {
    it(`finds a key with ${JSON.stringify(members)}, as if they were absent`, async () => {
      for (const { jwk, sign } of [rsa, ec]) {
        should(await outcome([{ ...jwk, ...members }], await sign())).equal('accepted');
        should(endpoint.fetches).equal(1);
        keys.close();
        endpoint.fetches = 0;
      }
    });
  }

  it('tells of a set without the members that are absent', async () => {
    await outcome([{ ...rsa.jwk, use: null, key_ops: [] }], await rsa.sign());
    const { use: _, ...others } = rsa.jwk;
    should(events).eql([{ kind: 'keys-fetched', set: { keys: [others] } }]);
  });

  it('does not take a key without an id for one whose id is named null', async () => {
    const jwt = await rsa.sign(CLAIMS, { kid: 'null' });
    should(await outcome([{ ...rsa.jwk, kid: null }], jwt)).equal('token_invalid');
  });

  it('finds a key on P-256 whose coordinates lost their leading zeros', async () => {
    const stripped = await withLeadingZero();
    const x = Buffer.from(String(stripped.jwk.x), 'base64url').subarray(1).toString('base64url');
    should(await outcome([{ ...stripped.jwk, x }], await stripped.sign())).equal('accepted');
  });

  const OTHERS: [string, (kid: object) => object[]][] = [
    ['for encryption', (kid) => [{ ...rsa.jwk, use: 'enc', alg: 'RSA-OAEP', ...kid }]],
    ['of an unknown type', (kid) => [{ kty: 'LATTICE', alg: 'RS256', ...kid }, { ...kid }]],
    ['for other algorithms', (kid) => [published(EDWARDS, kid), published(P384, kid)]],
    ['that are secrets', (kid) => [{ kty: 'oct', k: 'AAAA', alg: 'HS256', ...kid }]],
    ['of 1024 bits', (kid) => WEAK.map((key) => published(key, kid))],
    ['without their parts', (kid) => Array.from({ length: 5 }, () => ({ kty: 'RSA', ...kid }))],
    ['with empty parts', (kid) => Array.from({ length: 5 }, () => ({ kty: 'RSA', n: '', e: '', ...kid }))],
    ['with parts of another type', (kid) => [{ kty: 'RSA', n: 1, e: [], ...kid }]],
    ['off their curve', (kid) => [{ ...ec.jwk, x: 'AAAA', alg: null, ...kid }]],
    ['that are private', (kid) => [{ ...rsa.jwk, d: 'AAAA', ...kid }]],
  ];
  for (const [what, others] of OTHERS) {
    it(`is not disturbed by keys ${what}, under another id, the same or none`, async () => {
      for (const { jwk, sign } of [rsa, ec]) {
        for (const kid of [{ kid: 'other' }, { kid: jwk.kid }, { kid: undefined }]) {
          const set = [...others(kid), jwk, ...others(kid)];
          should(await outcome(set, await sign())).equal('accepted');
          keys.close();
          should(await outcome(set, await sign(CLAIMS, { kid: undefined }))).equal('accepted');
          keys.close();
        }
      }
    });

    it(`calls a set unusable that has nothing but keys ${what}`, async () => {
      const set = others({ kid: 'k1' });
      should(await outcome(set, await rsa.sign())).equal('keys_unavailable');
      should(events).match([{ kind: 'keys-failed', code: 'jwks-unusable' }]);
    });
  }
});

async function withLeadingZero(): Promise<Signer> {
  for (;;) {
    const found = await signer('ES256', 'zero');
    if (Buffer.from(String(found.jwk.x), 'base64url')[0] === 0) return found;
  }
}
