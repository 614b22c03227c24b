import should from 'should';
import { verifiedIdentity } from '../../../src/token/identity.js';
import { withSessionClaims } from '../../../src/token/session-claims.js';

const CLAIMS = {
  role: 'admin',
  email: null,
  realm: { roles: ['ws'], empty: {} },
  'https://app.example/tier': 'gold',
  organization: { acme: { id: 7 } },
};

function told(names: readonly string[], claims: Record<string, unknown> = structuredClone(CLAIMS)) {
  return withSessionClaims(verifiedIdentity(claims, 'acme'), names).sessionClaims;
}

describe('src/token/session-claims', () => {
  it('leaves an identity as it is where no claim is named', () => {
    const identity = verifiedIdentity({ role: 'admin' }, 'acme');
    should(withSessionClaims(identity, [])).equal(identity);
  });

  it('finds each as the tenant claim is found, and calls it by its whole name', () => {
    should(
      told(['role', 'realm.roles', 'https://app.example/tier', 'organization.*', 'organization.*.id']),
    ).eql({
      role: 'admin',
      'realm.roles': ['ws'],
      'https://app.example/tier': 'gold',
      'organization.*': 'acme',
      'organization.*.id': 7,
    });
  });

  it('has those that are present, null among them, and no others', () => {
    should(told(['email', 'phone', 'realm.groups'])).eql({ email: null });
    should(told(['phone'])).eql({});
  });

  it('takes nothing from a prototype', () => {
    should(told(['constructor', 'toString', 'realm.constructor', 'role.length', 'realm.roles.length'])).eql(
      {},
    );
    should(told(['realm.__proto__', 'hasOwnProperty'])).eql({});
  });

  it('defines what a token itself calls so, and changes no prototype', () => {
    const claims = JSON.parse('{"constructor":"x","a":{"__proto__":{"evil":true}}}');
    const found = told(['constructor', 'a.__proto__'], claims);
    should(Object.getPrototypeOf(found)).equal(Object.prototype);
    should(Object.entries(found ?? {})).eql([
      ['constructor', 'x'],
      ['a.__proto__', { evil: true }],
    ]);
    should(Reflect.get({}, 'evil')).equal(undefined);
  });

  it('leaves what the user gave for claims as it is', () => {
    const given = Object.freeze({
      ...verifiedIdentity({ role: 'admin' }, 'acme'),
      sessionClaims: { step: 1 },
    });
    should(withSessionClaims(given, ['role'])).equal(given);
  });
});
