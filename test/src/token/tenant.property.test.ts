import {
  anything,
  array,
  assert,
  constantFrom,
  dictionary,
  jsonValue,
  oneof,
  property,
  string,
} from 'fast-check';
import should from 'should';
import { tenantFromClaims } from '../../../src/token/tenant.js';

const step = oneof(
  string(),
  constantFrom('__proto__', 'constructor', 'toString', 'length', 'a', 'b', 'a.b', '*', ''),
);
const path = array(step, { minLength: 1, maxLength: 5 }).map((steps) => steps.join('.'));
const claims = dictionary(step, jsonValue());

describe('src/token/tenant: for any claims and any name', () => {
  it('a tenant is a non-empty string that stands in the claims, and a name only where * asks for one', () => {
    assert(
      property(claims, path, (all, name) => {
        const tenant = tenantFromClaims(all, name);
        if (tenant === undefined) return;
        should(tenant).be.a.String().and.not.empty();
        should(name.endsWith('*') ? [...leaves(all), ...names(all)] : leaves(all)).containEql(tenant);
      }),
      { numRuns: 1000 },
    );
  });

  it('a claim that was put at the end of a path is found there', () => {
    const plain = string({ minLength: 1 }).filter((name) => !name.includes('.'));
    assert(
      property(array(plain, { minLength: 1, maxLength: 6 }), string({ minLength: 1 }), (steps, tenant) => {
        const all = steps.reduceRight<unknown>((inner, name) => own(name, inner), tenant);
        should(tenantFromClaims(all as Record<string, unknown>, steps.join('.'))).equal(tenant);
      }),
    );
  });

  it('a claim of exactly that name decides, whatever stands at the end of the path', () => {
    assert(
      property(path, jsonValue(), claims, (name, value, others) => {
        const exact = tenantFromClaims({ ...others, ...own(name, value) }, name);
        should(exact).equal(tenantFromClaims(own('t', value), 't'));
      }),
    );
  });

  it('a path whose names have dots leads to the same value, where nothing else has these names', () => {
    const dotted = array(
      string({ minLength: 1 }).map((name) => name.replaceAll('*', '+')),
      {
        minLength: 1,
        maxLength: 5,
      },
    );
    assert(
      property(dotted, string({ minLength: 1 }), (steps, tenant) => {
        const all = steps.reduceRight<unknown>((inner, name) => own(name, inner), tenant);
        should(tenantFromClaims(all as Record<string, unknown>, steps.join('.'))).equal(tenant);
      }),
    );
  });

  it('* stands for the only one, and for none of several', () => {
    const others = array(string({ minLength: 1 }), { maxLength: 3 });
    assert(
      property(string({ minLength: 1 }), others, (name, more) => {
        const all = [name, ...more];
        const tenant = more.length === 0 ? name : undefined;
        should(tenantFromClaims({ o: all }, 'o.*')).equal(tenant);
        should(tenantFromClaims({ o: all.map((id) => ({ id })) }, 'o.*.id')).equal(tenant);
        const distinct = new Set(all);
        if (distinct.has('*')) return;
        const members = Object.fromEntries([...distinct].map((one) => [one, { id: one }]));
        should(tenantFromClaims({ o: members }, 'o.*')).equal(distinct.size === 1 ? name : undefined);
      }),
    );
  });

  it('no value at all makes it throw, or gives a tenant that is no text', () => {
    assert(
      property(dictionary(string(), anything()), path, (all, name) => {
        const tenant = tenantFromClaims(all, name);
        should(tenant === undefined || typeof tenant === 'string').equal(true);
      }),
    );
  });
});

/** An object with one own property, also of a name that a literal would take otherwise. */
function own(name: string, value: unknown): Record<string, unknown> {
  return Object.defineProperty({}, name, { value, enumerable: true, configurable: true, writable: true });
}

/** All names of members in a value. */
function names(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return [...Object.keys(value), ...Object.values(value).flatMap(names)];
}

/** All texts and integers in a value, as text. */
function leaves(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (Number.isSafeInteger(value)) return [String(value)];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(leaves) : [];
}
