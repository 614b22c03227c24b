import should from 'should';
import { ConfigurationError } from '../../../src/config/codes.js';
import { parseIssuerOptions } from '../../../src/config/issuer-options.js';
import type { RawProperties } from '../../../src/config/schema.js';
import { SECRET } from '../../support/core/tokens.js';

function problem(raw: RawProperties, credentials = {}): string | undefined {
  try {
    parseIssuerOptions(raw, credentials);
    return undefined;
  } catch (error) {
    if (error instanceof ConfigurationError) return error.code;
    throw error;
  }
}

const KEYS = { keysFrom: 'jwks', jwksUri: 'https://a.example/keys' };
const SHARED = { keysFrom: 'secret' };
const PREVIOUS = { secret: SECRET, previousSecret: `${SECRET}2` };

describe('src/config/issuer-options', () => {
  it('reads what a new issuer has', () => {
    const { source, algorithms, requireExpiry, clockTolerance } = parseIssuerOptions(
      { issuer: ' https://a.example ' },
      {},
    );
    should(source).eql({ kind: 'discovery', issuer: 'https://a.example' });
    should({ algorithms, requireExpiry, clockTolerance }).eql({
      algorithms: ['RS256', 'ES256'],
      requireExpiry: true,
      clockTolerance: 5,
    });
  });

  it('takes HS256 for a secret, and EdDSA in both of its spellings', () => {
    should(parseIssuerOptions(SHARED, { secret: SECRET }).algorithms).eql(['HS256']);
    const { algorithms } = parseIssuerOptions({ ...KEYS, algorithms: ['EdDSA'] }, {});
    should(algorithms).eql(['EdDSA', 'Ed25519']);
  });

  const rows: readonly [
    what: string,
    raw: RawProperties,
    credentials: object,
    expected: string | undefined,
  ][] = [
    ['discovery without an issuer', {}, {}, 'issuer-url'],
    ['discovery of an issuer that is no address', { issuer: 'accounts' }, {}, 'issuer-url'],
    [
      'an address of the document beside it',
      { issuer: 'accounts', discoveryUrl: 'https://a.example/d' },
      {},
      undefined,
    ],
    [
      'an address of the document that is none',
      { issuer: 'accounts', discoveryUrl: 'ftp://a' },
      {},
      'discovery-url',
    ],
    ['discovery below a placeholder', { issuer: 'https://a.example/{tid}/v2.0' }, {}, 'issuer-url'],
    ['a placeholder in the path', { ...KEYS, issuer: 'https://a.example/{tid}/v2.0' }, {}, undefined],
    ['a placeholder for the host', { ...KEYS, issuer: 'https://{tid}.example/' }, {}, 'issuer-url'],
    ['a placeholder in the query', { ...KEYS, issuer: 'https://a.example/?{tid}' }, {}, 'issuer-url'],
    ['a placeholder without a name', { ...KEYS, issuer: 'https://a.example/{}' }, {}, 'issuer-url'],
    ['a secret of 31 bytes', SHARED, { secret: 'x'.repeat(31) }, 'secret-short'],
    [
      'a secret shorter than the hash',
      { ...SHARED, algorithms: ['HS512'] },
      { secret: 'x'.repeat(63) },
      'secret-short',
    ],
    [
      'a secret as long as the hash',
      { ...SHARED, algorithms: ['HS512'] },
      { secret: 'x'.repeat(64) },
      undefined,
    ],
    ['a PEM for a secret', SHARED, { secret: `-----BEGIN PUBLIC KEY-----\n${SECRET}` }, 'secret-public'],
    ['a secret that is not hex', { ...SHARED, secretEncoding: 'hex' }, { secret: SECRET }, 'secret-encoding'],
    ['a previous secret without an end', SHARED, PREVIOUS, 'previous-secret'],
    [
      'an end without a previous secret',
      { ...SHARED, previousUntil: '2030-01-01T00:00:00Z' },
      { secret: SECRET },
      'previous-secret',
    ],
    ['an end that is no date', { ...SHARED, previousUntil: 'soon' }, PREVIOUS, 'previous-secret'],
    [
      'an end that is a day without a time',
      { ...SHARED, previousUntil: '2030-01-01' },
      PREVIOUS,
      'previous-secret',
    ],
    [
      'a previous secret that is short',
      { ...SHARED, previousUntil: '2030-01-01T00:00:00Z' },
      { secret: SECRET, previousSecret: 'x' },
      'secret-short',
    ],
    ['HS256 for public keys', { ...KEYS, algorithms: ['HS256'] }, {}, 'algorithms'],
    ['RS256 for a secret', { ...SHARED, algorithms: ['RS256'] }, { secret: SECRET }, 'algorithms'],
    [
      'both kinds for a function',
      { keysFrom: 'function', keysFunction: 'f', algorithms: ['HS256', 'RS256'] },
      {},
      'algorithms',
    ],
    ['an algorithm that nobody knows', { ...KEYS, algorithms: ['none'] }, {}, 'algorithms'],
    [
      'a private key',
      { keysFrom: 'static', publicKey: '-----BEGIN PRIVATE KEY-----' },
      {},
      'public-key-private',
    ],
    ['a JWK with d', { keysFrom: 'static', publicKey: '{"kty":"RSA","d":"AA"}' }, {}, 'public-key-private'],
    ['no key', { keysFrom: 'static' }, {}, 'public-key'],
    ['a header of two lines', KEYS, { keysAuthorization: 'Bearer a\r\nHost: b' }, 'keys-authorization'],
    ['a rule without a claim', { ...KEYS, claims: [{ claim: '', rule: 'is', value: 'a' }] }, {}, 'claims'],
    [
      'a rule that nobody knows',
      { ...KEYS, claims: [{ claim: 'a', rule: 'has', value: 'a' }] },
      {},
      'claims',
    ],
    ['a rule without a value', { ...KEYS, claims: [{ claim: 'a', rule: 'is', value: '' }] }, {}, 'claims'],
    ['a rule that needs none', { ...KEYS, claims: [{ claim: 'a', rule: 'exists' }] }, {}, undefined],
    ['a lifetime of nothing', { ...KEYS, maxLifetime: '0' }, {}, 'max-lifetime'],
  ];
  for (const [what, raw, credentials, expected] of rows) {
    it(`${expected === undefined ? 'takes' : `says ${expected} of`} ${what}`, () => {
      should(problem(raw, credentials)).equal(expected);
    });
  }
});
