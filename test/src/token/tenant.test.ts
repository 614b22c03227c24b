import should from 'should';
import { tenantFromClaims } from '../../../src/token/tenant.js';

describe('src/token/tenant', () => {
  it('takes a non-empty string as it is', () => {
    for (const tenant of ['acme', ' ', '__proto__', 'a\u0000b', '"', 'null', 'x'.repeat(5000)]) {
      should(tenantFromClaims({ tenant_id: tenant }, 'tenant_id')).equal(tenant);
    }
  });

  it('takes a safe integer as its decimal string', () => {
    should(tenantFromClaims({ t: 42 }, 't')).equal('42');
    should(tenantFromClaims({ t: 0 }, 't')).equal('0');
    should(tenantFromClaims({ t: -7 }, 't')).equal('-7');
    should(tenantFromClaims({ t: Number.MAX_SAFE_INTEGER }, 't')).equal('9007199254740991');
  });

  it('takes nothing else for a tenant', () => {
    for (const value of [
      '',
      1.5,
      2 ** 53,
      Number.POSITIVE_INFINITY,
      Number.NaN,
      null,
      true,
      {},
      [],
      ['acme'],
      undefined,
    ]) {
      should(tenantFromClaims({ t: value }, 't')).equal(undefined, String(value));
    }
  });

  it('walks dots into nested objects', () => {
    should(tenantFromClaims({ app_metadata: { tenant_id: 'acme' } }, 'app_metadata.tenant_id')).equal('acme');
    should(tenantFromClaims({ a: { b: { c: 3 } } }, 'a.b.c')).equal('3');
    should(tenantFromClaims({ a: { b: 'x' } }, 'a.c')).equal(undefined);
    should(tenantFromClaims({ a: null }, 'a.b')).equal(undefined);
    should(tenantFromClaims({ a: 'text' }, 'a.length')).equal(undefined);
    should(tenantFromClaims({ a: ['x'] }, 'a.0')).equal(undefined);
  });

  it('prefers a claim of exactly that name, also when it is not a tenant', () => {
    const name = 'https://acme.example/claims/tenant.id';
    should(tenantFromClaims({ [name]: 'acme' }, name)).equal('acme');
    should(tenantFromClaims({ 'a.b': 'exact', a: { b: 'nested' } }, 'a.b')).equal('exact');
    should(tenantFromClaims({ 'a.b': '', a: { b: 'nested' } }, 'a.b')).equal(undefined);
  });

  it('takes own properties only', () => {
    for (const name of [
      '__proto__',
      'constructor',
      'constructor.name',
      'toString',
      'toString.name',
      '__proto__.x',
    ]) {
      should(tenantFromClaims({}, name)).equal(undefined, name);
    }
    const parsed = JSON.parse('{"__proto__":{"t":"acme"}}') as Record<string, unknown>;
    should(tenantFromClaims(parsed, 't')).equal(undefined);
    should(tenantFromClaims(parsed, '__proto__.t')).equal('acme'); // an own claim of that name, as JSON.parse makes it
  });

  it('takes nothing that all objects inherit, where some other code has spoilt their prototype', () => {
    const spoilt = { value: 'evil', configurable: true };
    Object.defineProperty(Object.prototype, 'tenant_id', spoilt);
    try {
      should(tenantFromClaims({}, 'tenant_id')).equal(undefined);
      should(tenantFromClaims({ a: {} }, 'a.tenant_id')).equal(undefined);
    } finally {
      Reflect.deleteProperty(Object.prototype, 'tenant_id');
    }
  });
});
