import { anything, array, assert, constantFrom, dictionary, option, property, record } from 'fast-check';
import should from 'should';
import type { Expected } from '../../../../src/token/rules/rules.js';
import { rulesFor } from '../../../../src/token/rules/rules.js';

const text = constantFrom('', 'a', 'https://issuer', 'https://issuer/{tid}', 'acme');
const maybe = option(text, { nil: undefined });

const EXPECTED = record({
  issuer: maybe,
  issuerTemplate: maybe,
  audience: option(array(text), { nil: undefined }),
  clockTolerance: constantFrom(undefined, 0, 5),
  tenant: constantFrom<Expected['tenant']>(
    { kind: 'claim', name: 'tenant_id' },
    { kind: 'static', tenantId: 'acme' },
  ),
  requireExpiry: constantFrom(undefined, false, true),
  maxLifetime: constantFrom(undefined, 1),
  tokenType: maybe,
  tenants: option(array(text), { nil: undefined }),
  claims: constantFrom<Expected['claims']>(undefined, [], [{ claim: 'a', rule: 'exists', value: '' }]),
});

const CLAIMS = dictionary(
  constantFrom('iss', 'aud', 'exp', 'nbf', 'iat', 'tid', 'tenant_id', 'a', '__proto__'),
  anything(),
);

describe('src/token/rules', () => {
  it('refuses nothing by a rule that a handshake does not ask, and has jose check nothing for it', () =>
    assert(
      property(
        EXPECTED,
        CLAIMS,
        dictionary(constantFrom('typ', 'alg'), anything()),
        (expected, claims, header) => {
          for (const { name, mayRefuse, options, judge } of rulesFor(expected)) {
            if (mayRefuse) continue;
            should(options).eql({}, name);
            should(judge(claims, 1000, header)?.result).not.equal('failed', name);
          }
        },
      ),
      { numRuns: 2000 },
    ));

  it('asks no more rules in a handshake than there is something to expect', () => {
    const asked = (expected: Partial<Expected>) =>
      rulesFor({ tenant: { kind: 'static', tenantId: 'house' }, ...expected })
        .filter(({ mayRefuse }) => mayRefuse)
        .map(({ name }) => name);
    const dates = ['issued-at', 'not-before', 'expiry'];
    should(asked({})).eql(dates);
    should(asked({ tenant: { kind: 'claim', name: 't' } })).eql([...dates, 'tenant']);
    should(asked({ issuer: '' })).eql(['issuer', ...dates]);
    should(asked({ issuerTemplate: 'https://a/{tid}', audience: [] })).eql(['issuer', 'audience', ...dates]);
    should(asked({ requireExpiry: true, tokenType: 'at+jwt' })).eql([...dates, 'lifetime', 'type']);
    should(asked({ tenants: ['a'], claims: [{ claim: 'a', rule: 'is', value: 'b' }] })).eql([
      ...dates,
      'tenants',
      'claims',
    ]);
  });
});
