import { generateKeyPairSync, type KeyPairKeyObjectResult, type SigningOptions, sign } from 'node:crypto';
import { assert, asyncProperty, constantFrom, dictionary, integer, oneof, string } from 'fast-check';
import should from 'should';
import { jwks } from '../../../src/keys/jwks.js';
import type { KeySet } from '../../../src/keys/keys.js';
import { staticKey } from '../../../src/keys/static-key.js';
import { createVerifyToken } from '../../../src/token/verify-token.js';
import { agreedVerdict } from '../../support/core/at-once.js';
import { JwksServer } from '../../support/core/jwks-server.js';
import { CLAIMS, type Claims, part, seconds, token } from '../../support/core/tokens.js';

const VALID = { ...CLAIMS, exp: seconds(600) };

const RSA = generateKeyPairSync('rsa', { modulusLength: 2048 });
const OTHER_RSA = generateKeyPairSync('rsa', { modulusLength: 2048 });
const WEAK = generateKeyPairSync('rsa', { modulusLength: 1024 });
const EC = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const P384 = generateKeyPairSync('ec', { namedCurve: 'P-384' });

function published({ publicKey }: KeyPairKeyObjectResult, more: Claims = {}): Claims {
  return { ...publicKey.export({ format: 'jwk' }), ...more };
}

/** A token with exactly this header. */
function signed(
  { privateKey }: KeyPairKeyObjectResult,
  header: Claims | string,
  claims: Claims | string = VALID,
  options: SigningOptions = {},
): string {
  const input = `${part(header)}.${part(claims)}`;
  const key = { dsaEncoding: 'ieee-p1363', ...options, key: privateKey } as const;
  return `${input}.${sign('sha256', Buffer.from(input), key).toString('base64url')}`;
}

const RS = { alg: 'RS256', kid: 'rsa' };
const ES = { alg: 'ES256', kid: 'ec' };
const SET = [published(RSA, { kid: 'rsa' }), published(EC, { kid: 'ec' })];

describe('src/token/verify-at-once, with a key set', () => {
  let endpoint: JwksServer;
  let keys: KeySet;

  beforeEach(async () => {
    endpoint = await JwksServer.start(SET);
  });
  afterEach(async () => {
    keys.close();
    await endpoint.stop();
  });

  /** Resolves when the keys are there. */
  async function open(set: readonly unknown[] = SET, algorithms?: readonly string[]): Promise<void> {
    endpoint.answer = JwksServer.keys(set);
    await new Promise<void>((resolve) => {
      const emit = ({ kind }: { readonly kind: string }) => kind === 'keys-fetched' && resolve();
      keys = jwks(endpoint.uri, emit, undefined, undefined, algorithms);
    });
  }

  /** What the keys are, the token, and who says yes to it. */
  const rows: [string, readonly Claims[], () => string, 'at once' | 'jose' | 'nobody'][] = [
    ['RS256', SET, () => signed(RSA, RS), 'at once'],
    ['ES256', SET, () => signed(EC, ES), 'at once'],
    [
      'a key that says all it may',
      [published(RSA, { kid: 'rsa', alg: 'RS256', use: 'sig', key_ops: ['verify'] })],
      () => signed(RSA, RS),
      'at once',
    ],
    [
      'keys that are called like the prototype',
      [published(RSA, { kid: '__proto__' }), published(EC, { kid: 'constructor' })],
      () => signed(RSA, { ...RS, kid: '__proto__' }),
      'at once',
    ],
    ['a kid that is the prototype’s', SET, () => signed(RSA, { ...RS, kid: '__proto__' }), 'nobody'],
    ['a header that inherits', SET, () => signed(RSA, '{"__proto__":{"alg":"RS256","kid":"rsa"}}'), 'nobody'],
    ['no kid', SET, () => signed(RSA, { alg: 'RS256' }), 'jose'],
    ['a kid that is not a text', SET, () => signed(RSA, { ...RS, kid: ['rsa'] }), 'nobody'],
    ['a key without an id', [published(RSA)], () => signed(RSA, { alg: 'RS256' }), 'jose'],
    ['an empty id', [published(RSA, { kid: '' })], () => signed(RSA, { ...RS, kid: '' }), 'jose'],
    [
      'two keys under one kid',
      [published(RSA, { kid: 'rsa' }), published(OTHER_RSA, { kid: 'rsa' })],
      () => signed(OTHER_RSA, RS),
      'jose',
    ],
    [
      'two keys of different types under one kid',
      [published(RSA, { kid: 'rsa' }), published(EC, { kid: 'rsa' })],
      () => signed(RSA, RS),
      'jose',
    ],
    [
      'a kid that an unusable key has, too',
      [published(RSA, { kid: 'rsa' }), published(WEAK, { kid: 'rsa' })],
      () => signed(RSA, RS),
      'jose',
    ],
    [
      'a key for PS256',
      [published(RSA, { kid: 'rsa', alg: 'PS256' }), ...SET.slice(1)],
      () => signed(RSA, RS),
      'nobody',
    ],
    [
      'a key for encryption',
      [published(RSA, { kid: 'rsa', use: 'enc' }), ...SET.slice(1)],
      () => signed(RSA, RS),
      'nobody',
    ],
    [
      'a key that may only sign',
      [published(RSA, { kid: 'rsa', key_ops: ['sign'] }), ...SET.slice(1)],
      () => signed(RSA, RS),
      'nobody',
    ],
    [
      'operations named twice',
      [published(RSA, { kid: 'rsa', key_ops: ['verify', 'verify'] }), ...SET.slice(1)],
      () => signed(RSA, RS),
      'nobody',
    ],
    [
      'a key of 1024 bits',
      [published(WEAK, { kid: 'rsa' }), ...SET.slice(1)],
      () => signed(WEAK, RS),
      'nobody',
    ],
    [
      'a private key',
      [RSA.privateKey.export({ format: 'jwk' }) as Claims, ...SET.slice(1)].map((key) => ({
        kid: 'rsa',
        ...key,
      })),
      () => signed(RSA, RS),
      'nobody',
    ],
    [
      'ES256 with a P-384 key',
      [published(P384, { kid: 'ec' }), ...SET.slice(0, 1)],
      () => signed(P384, ES),
      'nobody',
    ],
    [
      'a point off its curve',
      [{ ...published(EC, { kid: 'ec' }), x: 'AAAA' }, ...SET.slice(0, 1)],
      () => signed(EC, ES),
      'nobody',
    ],
    ['an ES256 signature in DER', SET, () => signed(EC, ES, VALID, { dsaEncoding: 'der' }), 'nobody'],
    [
      'an ES256 signature of zeros',
      SET,
      () => signed(EC, ES).replace(/[^.]*$/, part('\0'.repeat(64))),
      'nobody',
    ],
    [
      'a PSS signature under RS256',
      SET,
      () => signed(RSA, RS, VALID, { padding: 6, saltLength: 32 }),
      'nobody',
    ],
    ['RS256 with the kid of an EC key', SET, () => signed(RSA, { ...RS, kid: 'ec' }), 'nobody'],
    ['RS512 over a signature of RS256', SET, () => signed(RSA, { ...RS, alg: 'RS512' }), 'nobody'],
    ['another key', SET, () => signed(OTHER_RSA, RS), 'nobody'],
    ['an empty crit', SET, () => signed(RSA, { ...RS, crit: [] }), 'nobody'],
    ['a crit that jose understands', SET, () => signed(RSA, { ...RS, crit: ['b64'], b64: true }), 'jose'],
    ['an unencoded payload', SET, () => signed(RSA, { ...RS, crit: ['b64'], b64: false }), 'nobody'],
    ['a b64 that is not critical', SET, () => signed(EC, { ...ES, b64: false }), 'jose'],
    ['an expired token', SET, () => signed(RSA, RS, { ...CLAIMS, exp: seconds(-60) }), 'nobody'],
    ['claims that are a list', SET, () => signed(RSA, RS, '[]'), 'nobody'],
    [
      'HS256 with the public key for a secret',
      SET,
      () =>
        token(VALID, {
          header: { kid: 'rsa' },
          secret: String(RSA.publicKey.export({ type: 'spki', format: 'pem' })),
        }),
      'nobody',
    ],
    [
      'HS256 with a secret that the set publishes',
      [...SET, { kty: 'oct', k: part('published'), kid: 'oct' }],
      () => token(VALID, { header: { kid: 'oct' }, secret: 'published' }),
      'nobody',
    ],
  ];
  for (const [what, set, make, verdict] of rows) {
    const who = {
      'at once': 'says yes',
      jose: 'leaves it to jose, which says yes,',
      nobody: 'says no, as jose does,',
    };
    it(`${who[verdict]} to ${what}`, async () => {
      await open(set);
      should(await agreedVerdict(make(), keys)).equal(verdict);
    });
  }

  it('uses no key for an algorithm that is not accepted', async () => {
    await open(SET, ['RS256', 'PS256']);
    should(keys.atOnce?.('rsa')?.alg).equal('RS256');
    should(keys.atOnce?.('ec')).equal(undefined);
    should(await agreedVerdict(signed(EC, ES), keys)).equal('nobody');
    keys.close();
    await open(SET, ['PS256']);
    should(keys.atOnce?.('rsa')).equal(undefined);
    should(await agreedVerdict(signed(RSA, RS), keys)).equal('nobody');
  });

  it('leaves it to jose where a type is expected', async () => {
    await open();
    const expected = { algorithms: ['RS256'], typ: 'at+jwt' };
    should(await agreedVerdict(signed(RSA, { ...RS, typ: 'at+jwt' }), keys, expected)).equal('jose');
    should(await agreedVerdict(signed(RSA, { ...RS, typ: 'JWT' }), keys, expected)).equal('nobody');
  });

  it('knows no key before the first fetch, and none that a later one took out', async () => {
    endpoint.answer = JwksServer.hang;
    const asked = endpoint.asked();
    const fetched: (() => void)[] = [];
    keys = jwks(endpoint.uri, ({ kind }) => kind === 'keys-fetched' && fetched.shift()?.());
    await asked;
    should(keys.atOnce?.('rsa')).equal(undefined);
    keys.close();

    await open();
    should(await agreedVerdict(signed(RSA, RS), keys)).equal('at once');
    endpoint.answer = JwksServer.keys([published(OTHER_RSA, { kid: 'new' }), ...SET.slice(1)]);
    const renewed = signed(OTHER_RSA, { ...RS, kid: 'new' });
    should(await agreedVerdict(renewed, keys)).equal('jose'); // which fetches
    should(await agreedVerdict(renewed, keys)).equal('at once');
    should(keys.atOnce?.('rsa')).equal(undefined);
    should(await agreedVerdict(signed(RSA, RS), keys)).equal('nobody');
  });

  it('takes no key for the one that replaced it under the same id', async () => {
    await open();
    endpoint.answer = JwksServer.keys([published(OTHER_RSA, { kid: 'rsa' })]);
    const renewed = signed(OTHER_RSA, RS);
    should(await agreedVerdict(renewed, keys)).equal('jose');
    should(await agreedVerdict(renewed, keys)).equal('at once');
    should(await agreedVerdict(signed(RSA, RS), keys)).equal('nobody');
  });

  it('answers in the same turn: also for a key set that stands in a configuration', async () => {
    await open();
    const fixed = staticKey(JSON.stringify({ keys: SET }), ['RS256', 'ES256']);
    for (const each of [keys, fixed]) {
      const verify = createVerifyToken({ keys: each, tenant: { kind: 'claim', name: 'tenant_id' } });
      for (const jwt of [signed(RSA, RS), signed(EC, ES)]) {
        while (verify(jwt) instanceof Promise) await verify(jwt); // until the keys are imported
        should(verify(jwt)).match({ tenantId: 'acme' });
      }
      await should(verify(signed(RSA, { alg: 'RS256' }))).be.a.Promise();
    }
  });

  const headers = dictionary(
    constantFrom('alg', 'kid', 'typ', 'crit', 'b64', 'jwk', 'jku', 'zip'),
    oneof(
      string(),
      constantFrom(
        'RS256',
        'ES256',
        'PS256',
        'HS256',
        'none',
        'rsa',
        'ec',
        ['b64'],
        ['exp'],
        [],
        false,
        true,
        null,
        7,
      ),
    ),
  );
  const claimSets = dictionary(
    constantFrom('iss', 'aud', 'sub', 'iat', 'exp', 'nbf', 'x'),
    oneof(
      string(),
      integer({ min: -20, max: 20 }).map(seconds),
      constantFrom('https://issuer', ['chat', 'api'], 1e300, null),
    ),
  );

  for (const [name, pair, header] of [
    ['RS256', RSA, RS],
    ['ES256', EC, ES],
  ] as const) {
    it(`says yes to no ${name} token that jose refuses, whatever header and claims are signed`, async () => {
      await open();
      const expected = {
        algorithms: ['RS256', 'ES256'],
        issuer: 'https://issuer',
        audience: 'chat',
        clockTolerance: 5,
      };
      let accepted = 0;
      await assert(
        asyncProperty(headers, claimSets, async (more, claims) => {
          const plain = signed(pair, header, claims);
          if ((await agreedVerdict(plain, keys)) === 'at once') accepted += 1;
          should(await agreedVerdict(plain, keys)).not.equal('jose');
          await agreedVerdict(plain, keys, expected);
          await agreedVerdict(signed(pair, { ...header, ...more }, claims), keys, expected);
          await agreedVerdict(signed(pair, { ...header, ...more }), keys);
        }),
        { numRuns: 100 },
      );
      should(accepted).be.above(0);
    });

    it(`says no to an ${name} token of which any character was changed`, async () => {
      await open();
      const jwt = signed(pair, header);
      for (let at = 0; at < jwt.length; at += 1) {
        const other = jwt[at] === 'A' ? 'B' : 'A';
        should(await agreedVerdict(jwt.slice(0, at) + other + jwt.slice(at + 1), keys)).equal('nobody');
      }
    });
  }
});
