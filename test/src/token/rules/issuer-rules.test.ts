import should from 'should';
import { sharedSecret } from '../../../../src/keys/shared-secret.js';
import type { Expected } from '../../../../src/token/rules/rules.js';
import { TokenRefused } from '../../../../src/token/token-refused.js';
import { createVerifyToken } from '../../../../src/token/verify-token.js';
import { type Claims, SECRET, seconds, token } from '../../../support/core/tokens.js';

const TENANT = { kind: 'claim', name: 'tenant_id' } as const;

async function outcome(expected: Partial<Expected>, claims: Claims, header: Claims = {}): Promise<string> {
  const verify = createVerifyToken({ keys: sharedSecret(SECRET), tenant: TENANT, ...expected });
  try {
    return (await verify(token({ tenant_id: 'acme', ...claims }, { header }))).authStatus;
  } catch (error) {
    if (!(error instanceof TokenRefused)) throw error;
    return `${error.code} ${error.because?.cause}`;
  }
}

const claim = (name: string, rule: 'is' | 'includes' | 'exists', value = '') => ({
  claims: [{ claim: name, rule, value }],
});

const ROWS: readonly [
  what: string,
  expected: Partial<Expected>,
  claims: Claims,
  answer: string,
  header?: Claims,
][] = [
  ['an exp that has to be there', { requireExpiry: true }, { exp: seconds(6000) }, 'verified'],
  ['no exp', { requireExpiry: true }, {}, 'token_invalid lifetime'],
  ['an exp that has passed', { requireExpiry: true }, { exp: seconds(-60) }, 'token_expired expired'],
  ['a short life', { maxLifetime: 10_000 }, { iat: seconds(-5000), exp: seconds(5000) }, 'verified'],
  [
    'a long life',
    { maxLifetime: 9999 },
    { iat: seconds(-5000), exp: seconds(5000) },
    'token_invalid lifetime',
  ],
  ['a long life from now on', { maxLifetime: 4000 }, { exp: seconds(6000) }, 'token_invalid lifetime'],
  ['an endless life', { maxLifetime: 4000 }, {}, 'token_invalid lifetime'],
  ['an iat of 1e400', { maxLifetime: 4000 }, { iat: 1e308 * 10, exp: seconds(6000) }, 'token_invalid form'],
  ['the type', { tokenType: 'at+jwt' }, {}, 'verified', { typ: 'at+jwt' }],
  [
    'the type in full and in capitals',
    { tokenType: 'at+jwt' },
    {},
    'verified',
    { typ: 'application/AT+JWT' },
  ],
  ['another type', { tokenType: 'at+jwt' }, {}, 'token_invalid type', { typ: 'JWT' }],
  ['no type', { tokenType: 'at+jwt' }, {}, 'token_invalid type', { typ: undefined }],
  ['a tenant that may be named', { tenants: ['house', 'acme'] }, {}, 'verified'],
  ['a tenant that may not', { tenants: ['house'] }, {}, 'forbidden tenant'],
  ['a tenant in other letters', { tenants: ['Acme'] }, {}, 'forbidden tenant'],
  ['no tenant', { tenants: ['house'] }, { tenant_id: null }, 'tenant_missing tenant'],
  ['a claim that is so', claim('role', 'is', 'admin'), { role: 'admin' }, 'verified'],
  ['a claim that is not', claim('role', 'is', 'admin'), { role: 'user' }, 'forbidden claim'],
  ['no claim', claim('role', 'is', 'admin'), {}, 'forbidden claim'],
  ['a number', claim('level', 'is', '7'), { level: 7 }, 'verified'],
  ['a boolean', claim('email_verified', 'is', 'true'), { email_verified: true }, 'verified'],
  ['a list with the text', claim('role', 'is', 'admin'), { role: ['admin'] }, 'forbidden claim'],
  ['a nested claim', claim('realm.roles', 'includes', 'ws'), { realm: { roles: ['ws'] } }, 'verified'],
  ['a word', claim('scope', 'includes', 'ws:open'), { scope: 'openid ws:open' }, 'verified'],
  ['a part of a word', claim('scope', 'includes', 'ws'), { scope: 'openid ws:open' }, 'forbidden claim'],
  ['an object with that name', claim('roles', 'includes', 'ws'), { roles: { ws: true } }, 'forbidden claim'],
  ['a claim that is there', claim('email', 'exists'), { email: 'a@b.example' }, 'verified'],
  ['false, which is there', claim('a', 'exists'), { a: false }, 'verified'],
  ['null', claim('email', 'exists'), { email: null }, 'forbidden claim'],
  ['an empty text', claim('email', 'exists'), { email: '' }, 'forbidden claim'],
  ['an empty list', claim('email', 'exists'), { email: [] }, 'forbidden claim'],
  ['a claim of the prototype', claim('constructor', 'exists'), {}, 'forbidden claim'],
  ['one of several audiences', { audience: ['a', 'b'] }, { aud: ['c', 'b'] }, 'verified'],
  ['the text of all audiences', { audience: ['a', 'b'] }, { aud: 'a,b' }, 'token_invalid audience'],
  [
    'an issuer that fits the template',
    { issuerTemplate: 'https://a/{tid}' },
    { iss: 'https://a/7', tid: '7' },
    'verified',
  ],
  [
    'another one',
    { issuerTemplate: 'https://a/{tid}' },
    { iss: 'https://a/8', tid: '7' },
    'token_invalid issuer',
  ],
  [
    'the template itself',
    { issuerTemplate: 'https://a/{tid}' },
    { iss: 'https://a/{tid}' },
    'token_invalid issuer',
  ],
];

describe('src/token/rules: what an issuer demands', () => {
  for (const [what, expected, claims, answer, header] of ROWS) {
    it(`${what}: ${answer}`, async () => should(await outcome(expected, claims, header)).equal(answer));
  }
});
