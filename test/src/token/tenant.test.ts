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

  const paths: [path: string, claims: unknown, tenant: string | undefined][] = [
    // names with dots in them
    ['kubernetes.io.namespace', { 'kubernetes.io': { namespace: 'a' } }, 'a'],
    ['kubernetes.io.namespace', { kubernetes: { 'io.namespace': 'a' } }, 'a'],
    [
      'kubernetes.io.namespace',
      { 'kubernetes.io': { namespace: 'a' }, kubernetes: { io: { namespace: 'b' } } },
      'a',
    ],
    ['a.b.c.d', { 'a.b': { 'c.d': 'x', c: { d: 'y' } } }, 'x'],
    ['a.b.c', { a: { 'b.c': 'x', b: { c: 'y' } } }, 'x'],
    ['a.b.c', { a: { 'b.c': null, b: { c: 'y' } } }, undefined],
    ['https://a.example/c.tenant', { 'https://a.example/c': { tenant: 'x' } }, 'x'],
    // no way back to a shorter name
    ['a.b.c', { 'a.b': {}, a: { b: { c: 'x' } } }, undefined],
    ['a.b.c', { 'a.b': null, a: { b: { c: 'x' } } }, undefined],
    ['a.b.c', { 'a.b': 'x', a: { b: { c: 'x' } } }, undefined],
    ['a.b', { 'a.b': null, a: { b: 'x' } }, undefined],
    ['a.b', { a: { b: null } }, undefined],
    // empty names
    ['', { '': 'x' }, 'x'],
    ['.', { '': { '': 'x' } }, 'x'],
    ['.a', { '': { a: 'x' } }, 'x'],
    ['a.', { a: { '': 'x' } }, 'x'],
    ['a..b', { 'a.': { b: 'x' } }, 'x'],
    ['a..b', { a: { '': { b: 'x' } } }, 'x'],
    ['a.b', { 'a.b.': 'x' }, undefined],
    // the only one
    ['organization.*', { organization: ['acme'] }, 'acme'],
    ['organization.*', { organization: { acme: { id: '42' } } }, 'acme'],
    ['organization.*.id', { organization: { acme: { id: '42' } } }, '42'],
    ['organization.*.id', { organization: [{ id: 42 }] }, '42'],
    ['a.*.*', { a: [['x']] }, 'x'],
    ['a.*.*', { a: { b: { c: 1 } } }, 'c'],
    ['*', { acme: 1 }, 'acme'],
    ['*.t', { acme: { t: 'x' } }, 'x'],
    ['a.*.b.c', { a: [{ 'b.c': 'x' }] }, 'x'],
    ['a.*', { a: [7] }, '7'],
    // none of several, none of none
    ['organization.*', { organization: ['acme', 'acme'] }, undefined],
    ['organization.*', { organization: { acme: {}, other: {} } }, undefined],
    ['organization.*.id', { organization: { acme: { id: '1' }, other: {} } }, undefined],
    ['organization.*', { organization: [] }, undefined],
    ['organization.*', { organization: {} }, undefined],
    ['organization.*', { organization: 'a' }, undefined],
    ['organization.*', { organization: null }, undefined],
    ['organization.*', { organization: [{ acme: 1 }] }, undefined],
    ['organization.*', { organization: { '': 1 } }, undefined],
    ['organization.*', {}, undefined],
    ['organization.*.id', { organization: ['acme'] }, undefined],
    ['a.*b', { a: ['x'] }, undefined],
    ['a.0', { a: ['x'] }, undefined],
    ['a.length', { a: ['x'] }, undefined],
    // a member that is called so comes first
    ['organization.*', { organization: { '*': 'x', other: 'y' } }, 'x'],
    ['organization.*', { 'organization.*': null, organization: ['acme'] }, undefined],
    ['a.*.b', { a: { '*.b': 'x', c: { b: 'y' } } }, 'x'],
    ['a.*.b', { 'a.*': { b: 'x' }, a: [{ b: 'y' }] }, 'x'],
  ];
  for (const [path, claims, tenant] of paths) {
    it(`finds at ${JSON.stringify(path)} in ${JSON.stringify(claims)}: ${tenant}`, () => {
      should(tenantFromClaims(claims as Record<string, unknown>, path)).equal(tenant);
    });
  }

  it('takes own properties only', () => {
    should(tenantFromClaims({ a: JSON.parse('{"__proto__":1}') }, 'a.*')).equal('__proto__');
    should(tenantFromClaims({ a: Object.create({ acme: 1 }) }, 'a.*')).equal(undefined);
    should(tenantFromClaims({ a: Object.create({ b: 'x' }) }, 'a.b')).equal(undefined);
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
