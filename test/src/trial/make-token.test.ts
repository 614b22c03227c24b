import should from 'should';
import { parseListenerOptions } from '../../../src/config/listener-options.js';
import { loadJose } from '../../../src/keys/jose.js';
import { makeToken } from '../../../src/trial/make-token.js';
import { tryToken } from '../../../src/trial/try-token.js';
import { issuer } from '../../support/core/issuers.js';
import { SECRET, seconds } from '../../support/core/tokens.js';

const WISH = { subject: 'ann', tenantId: 'acme', lifetimeSeconds: 60 };

function options(properties: Record<string, unknown> = {}) {
  return parseListenerOptions({ path: '/ws', ...properties }, SECRET);
}

describe('src/trial/make-token', () => {
  const listeners: Record<string, Record<string, unknown>> = {
    'with the defaults': {},
    'with an issuer and an audience': { jwtIssuer: 'https://issuer', jwtAudience: 'chat' },
    'with a dotted claim': { tenantClaim: 'app_metadata.tenant_id' },
    'with a URL for a claim': { tenantClaim: 'https://example.com/tenant' },
    'with the subject for a tenant': { tenantClaim: 'sub' },
    'with a claim called __proto__': { tenantClaim: '__proto__' },
  };
  for (const [what, properties] of Object.entries(listeners)) {
    it(`makes a token that a listener accepts: ${what}`, async () => {
      const token = await makeToken(WISH, options(properties));
      const { verdict } = await tryToken(token, options(properties));
      should(verdict).match({ kind: 'accepted', session: { tenantId: 'acme' } });
    });
  }

  const issuers: Record<string, Record<string, unknown>> = {
    'with rules of all kinds': {
      issuer: 'https://issuer',
      audience: 'chat,other',
      algorithms: ['HS512'],
      secret: SECRET.repeat(2),
      tokenType: 'at+jwt',
      maxLifetime: '60',
      tenants: 'acme',
      claims: [
        { claim: 'role', rule: 'is', value: 'admin' },
        { claim: 'realm.groups', rule: 'includes', value: 'chat' },
        { claim: 'email', rule: 'exists' },
      ],
    },
    'with placeholders': { issuer: 'https://issuer/{tid}/{realm}', secret: SECRET },
    'without a name': { secret: SECRET },
    'with an encoded secret': {
      secret: Buffer.from(SECRET).toString('base64'),
      secretEncoding: 'base64',
    },
  };
  for (const [what, properties] of Object.entries(issuers)) {
    it(`makes a token of an issuer: ${what}`, async () => {
      const named = [{ name: '', issuer: issuer('i', { keysFrom: 'secret', ...properties }) }];
      const listener = options({ jwtValidation: 'issuers', issuer: 'i' });
      const jwt = await makeToken(WISH, listener, undefined, named);
      const { verdict } = await tryToken(jwt, listener, { issuers: named });
      should(verdict).match({ kind: 'accepted', session: { tenantId: 'acme' } });
    });
  }

  it('makes one of the first issuer that has a secret, and none where none has', async () => {
    const keyless = {
      name: '',
      issuer: issuer('k', { keysFrom: 'function', keysFunction: 'f' }, { functions: { f() {} } }),
    };
    const one = { name: '', issuer: issuer('i', { issuer: 'one', keysFrom: 'secret', secret: SECRET }) };
    const two = { name: '', issuer: issuer('j', { issuer: 'two', keysFrom: 'secret', secret: SECRET }) };
    const listener = options({ jwtValidation: 'issuers', issuer: 'i' });
    const { decodeJwt } = await loadJose();
    should(decodeJwt(await makeToken(WISH, listener, undefined, [keyless, one, two])).iss).equal('one');
    await should(makeToken(WISH, listener, undefined, [keyless])).be.rejectedWith({
      code: 'make-needs-secret',
    });
  });

  it('makes none that the issuer would refuse', async () => {
    const strict = issuer('i', { keysFrom: 'secret', secret: SECRET, maxLifetime: '10', tenants: 'house' });
    const listener = options({ jwtValidation: 'issuers', issuer: 'i' });
    for (const wish of [
      { ...WISH, tenantId: 'house' },
      { ...WISH, lifetimeSeconds: 10 },
    ]) {
      await should(makeToken(wish, listener, undefined, [{ name: '', issuer: strict }])).be.rejectedWith({
        code: 'make-not-accepted',
      });
    }
  });

  it('leaves the tenant to a listener that has only one', async () => {
    const fixed = options({ tenantFrom: 'static', tenantId: 'house' });
    const { verdict } = await tryToken(await makeToken({ ...WISH, tenantId: '' }, fixed), fixed);
    should(verdict).match({ kind: 'accepted', session: { tenantId: 'house', subject: 'ann' } });
  });

  it('has a subject only where one is wished for, and ends when it should', async () => {
    const { decodeJwt } = await loadJose();
    const claims = decodeJwt(await makeToken({ ...WISH, subject: '' }, options()));
    should(claims.sub).equal(undefined);
    should(claims.exp).be.within(seconds(59), seconds(60));
  });

  const refused: Record<string, [string, Record<string, unknown>, Partial<typeof WISH>]> = {
    'without a tenant': ['make-tenant', {}, { tenantId: '' }],
    'that has ended already': ['make-lifetime', {}, { lifetimeSeconds: 0 }],
    'that lives for more than a day': ['make-lifetime', {}, { lifetimeSeconds: 86_401 }],
    'that ends within a second': ['make-lifetime', {}, { lifetimeSeconds: 0.5 }],
    'whose tenant would be its expiry': ['make-not-accepted', { tenantClaim: 'exp' }, {}],
    'whose tenant would be another issuer': ['make-not-accepted', { jwtIssuer: 'x', tenantClaim: 'iss' }, {}],
    'that is too long': ['make-not-accepted', {}, { subject: 's'.repeat(8192) }],
    'for a listener with a key set': [
      'make-needs-secret',
      { jwtValidation: 'jwks', jwksUri: 'https://x/' },
      {},
    ],
    'for a listener that checks nobody': ['make-needs-secret', { jwtValidation: 'none' }, {}],
  };
  for (const [what, [code, properties, wish]] of Object.entries(refused)) {
    it(`makes no token ${what}`, async () => {
      await should(makeToken({ ...WISH, ...wish }, options(properties))).be.rejectedWith({ code });
    });
  }
});
