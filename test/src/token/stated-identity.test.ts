import { runInNewContext } from 'node:vm';
import should from 'should';
import type { TenantSource } from '../../../src/config/listener-options.js';
import { statedIdentity } from '../../../src/token/stated-identity.js';
import { TokenRefused } from '../../../src/token/token-refused.js';
import { seconds } from '../../support/core/tokens.js';

const BY_CLAIM: TenantSource = { kind: 'claim', name: 'tenant_id' };
const STATIC: TenantSource = { kind: 'static', tenantId: 'house' };

/** The cause of a refusal; `none` where there is no more to say than the code. */
function refusal(stated: unknown, tenant = BY_CLAIM): string {
  try {
    statedIdentity(stated, tenant);
    return 'accepted';
  } catch (error) {
    if (!(error instanceof TokenRefused)) throw error;
    should(error.code).equal('token_invalid');
    return error.because?.cause ?? 'none';
  }
}

function circle(): object {
  const circle: Record<string, unknown> = {};
  circle.self = circle;
  return circle;
}

function deep(levels: number): unknown {
  let value: unknown = 1;
  for (let level = 0; level < levels; level += 1) value = [value];
  return value;
}

class User {
  readonly tenantId = 'acme';
}

const ROWS: readonly [what: string, stated: unknown, cause: string, tenant?: TenantSource][] = [
  ['a tenant', { tenantId: 'acme' }, 'accepted'],
  ['a tenant that is a whole number', { tenantId: 7 }, 'accepted'],
  ['a tenant called __proto__', { tenantId: '__proto__' }, 'accepted'],
  ['an object without a prototype', Object.assign(Object.create(null), { tenantId: 'acme' }), 'accepted'],
  [
    'an object of a function node',
    runInNewContext('({ tenantId: "acme", claims: { a: [{}] } })'),
    'accepted',
  ],
  [
    'members that are undefined',
    { tenantId: 'acme', subject: undefined, claims: undefined, expiresAt: undefined },
    'accepted',
  ],
  ['no tenant, where it is fixed', {}, 'accepted', STATIC],
  ['the fixed tenant', { tenantId: 'house' }, 'accepted', STATIC],
  ['another tenant than the fixed one', { tenantId: 'acme' }, 'tenant', STATIC],
  ['null for the fixed tenant', { tenantId: null }, 'tenant', STATIC],
  ['null', null, 'none'],
  ['nothing', undefined, 'identity'],
  ['true', true, 'identity'],
  ['a text', 'acme', 'identity'],
  ['a number', 7, 'identity'],
  ['a list', [{ tenantId: 'acme' }], 'identity'],
  ['a function', () => ({ tenantId: 'acme' }), 'identity'],
  ['no tenant', {}, 'tenant'],
  ['an empty tenant', { tenantId: '' }, 'tenant'],
  ['a tenant that is a list', { tenantId: ['acme'] }, 'tenant'],
  ['a tenant that is no whole number', { tenantId: 1.5 }, 'tenant'],
  ['a tenant that was rounded', { tenantId: 2 ** 53 }, 'tenant'],
  ['a tenant of the prototype', Object.create({ tenantId: 'acme' }), 'identity'],
  [
    'a tenant that is inherited from nothing',
    Object.create(Object.assign(Object.create(null), { tenantId: 'acme' })),
    'tenant',
  ],
  ['an object of a class', new User(), 'identity'],
  ['a Map', new Map([['tenantId', 'acme']]), 'identity'],
  ['a member by another name', { tenantId: 'acme', expires_at: 1 }, 'identity'],
  ['a member called __proto__', JSON.parse('{"tenantId":"acme","__proto__":{}}'), 'identity'],
  ['an authStatus of its own', { tenantId: 'acme', authStatus: 'none' }, 'identity'],
  [
    'a tenant that a getter gives',
    {
      get tenantId() {
        return 'acme';
      },
    },
    'identity',
  ],
  ['a subject that is empty', { tenantId: 'acme', subject: '' }, 'identity'],
  ['a subject that is a number', { tenantId: 'acme', subject: 7 }, 'identity'],
  ['a subject that is null', { tenantId: 'acme', subject: null }, 'identity'],
  ['claims that are a list', { tenantId: 'acme', claims: [] }, 'identity'],
  ['claims that are a text', { tenantId: 'acme', claims: '{}' }, 'identity'],
  ['claims that are null', { tenantId: 'acme', claims: null }, 'identity'],
  ['claims with a function', { tenantId: 'acme', claims: { toJSON: () => ({}) } }, 'identity'],
  ['claims with a date', { tenantId: 'acme', claims: { at: new Date() } }, 'identity'],
  ['claims with a BigInt', { tenantId: 'acme', claims: { at: 1n } }, 'identity'],
  ['claims with NaN', { tenantId: 'acme', claims: { at: [Number.NaN] } }, 'identity'],
  ['claims that go in circles', { tenantId: 'acme', claims: circle() }, 'identity'],
  ['claims without an end', { tenantId: 'acme', claims: { deep: deep(100_000) } }, 'identity'],
  [
    'claims with a getter in a list',
    { tenantId: 'acme', claims: { list: Object.defineProperty([0], '0', { get: () => 'acme' }) } },
    'identity',
  ],
  ['an end that lies ahead', { tenantId: 'acme', expiresAt: Date.now() + 3_600_000 }, 'accepted'],
  ['an end that has passed', { tenantId: 'acme', expiresAt: Date.now() - 1 }, 'expired'],
  ['an end of NaN', { tenantId: 'acme', expiresAt: Number.NaN }, 'identity'],
  ['an end of 1e400', { tenantId: 'acme', expiresAt: Number('1e400') }, 'identity'],
  ['an end that is text', { tenantId: 'acme', expiresAt: '2030-01-01' }, 'identity'],
  ['an end that is a Date', { tenantId: 'acme', expiresAt: new Date(Date.now() + 3_600_000) }, 'identity'],
  ['an end that is null', { tenantId: 'acme', expiresAt: null }, 'identity'],
  ['an exp that has passed', { tenantId: 'acme', claims: { exp: seconds(-1) } }, 'expired'],
  ['an exp that is text', { tenantId: 'acme', claims: { exp: 'soon' } }, 'identity'],
];

describe('src/token/stated-identity', () => {
  for (const [what, stated, cause, tenant] of ROWS) {
    it(`of ${what}: ${cause}`, () => should(refusal(stated, tenant)).equal(cause));
  }

  it('is a copy, frozen to its depth', () => {
    const stated = { tenantId: 7, subject: 'ann', claims: { realm: { roles: ['ws'] } } };
    const identity = statedIdentity(stated, BY_CLAIM);
    stated.claims.realm.roles.push('evil');
    should(identity).eql({
      tenantId: '7',
      subject: 'ann',
      authStatus: 'verified',
      claims: { realm: { roles: ['ws'] } },
    });
    const { realm } = identity.claims as typeof stated.claims;
    should([identity, identity.claims, realm, realm.roles].every(Object.isFrozen)).be.true();
  });

  it('ends when it says so, else with the exp of its claims, else never', () => {
    const exp = seconds(60);
    const end = (more: object) => statedIdentity({ tenantId: 'acme', ...more }, BY_CLAIM).expiresAt;
    should(end({ expiresAt: exp * 1000 + 5, claims: { exp: 1 } })).equal(exp * 1000 + 5);
    should(end({ claims: { exp } })).equal(exp * 1000);
    should(end({})).equal(undefined);
  });
});
