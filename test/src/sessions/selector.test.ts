import should from 'should';
import type { Connection } from '../../../src/sessions/connection.js';
import { Pages } from '../../../src/sessions/pages.js';
import { Registry } from '../../../src/sessions/registry.js';
import { type Selector, select } from '../../../src/sessions/selector.js';
import { Traffic } from '../../../src/sessions/traffic.js';

let made = 0;

/** A connection as selectors see one. */
function connection(tenantId: string | null, subject?: string, jti?: string): Connection {
  made += 1;
  const identity = { tenantId, subject, claims: jti === undefined ? {} : { jti } };
  return { id: `id ${made}`, number: made, identity, traffic: new Traffic() } as unknown as Connection;
}

describe('src/sessions/selector', () => {
  const registry = new Registry();
  const ann = connection('acme', 'ann', '1');
  const bob = connection('acme', 'bob');
  const otherAnn = connection('other', 'ann', '1');
  const nobody = connection(null);
  for (const one of [ann, bob, otherAnn, nobody]) registry.add(one);

  const cases: readonly [string, Selector, readonly Connection[]][] = [
    ['everybody', { kind: 'everybody' }, [ann, bob, otherAnn, nobody]],
    ['a tenant', { kind: 'matching', tenantId: 'acme' }, [ann, bob]],
    ['those without a tenant', { kind: 'matching', tenantId: null }, [nobody]],
    ['a subject, in whatever tenant', { kind: 'matching', subject: 'ann' }, [ann, otherAnn]],
    ['a subject of a tenant', { kind: 'matching', subject: 'ann', tenantId: 'other' }, [otherAnn]],
    ['a token', { kind: 'matching', jti: '1', tenantId: 'acme' }, [ann]],
    ['a session', { kind: 'matching', session: bob.id }, [bob]],
    ['a session, if it is of that tenant', { kind: 'matching', session: bob.id, tenantId: 'other' }, []],
    ['a session that is not there', { kind: 'matching', session: 'elsewhere' }, []],
    ['a tenant called like a method of objects', { kind: 'matching', tenantId: '__proto__' }, []],
  ];
  for (const [whom, selector, expected] of cases) {
    it(`means ${whom}`, () => {
      should(select(registry, selector).map(({ id }) => id)).eql(expected.map(({ id }) => id));
    });
  }
});

describe('src/sessions/pages', () => {
  const everybody: Selector = { kind: 'everybody' };

  it('gives each connection once, the oldest first, whoever leaves between two pages', () => {
    const registry = new Registry();
    const all = Array.from({ length: 10 }, () => connection('acme'));
    for (const one of all) registry.add(one);
    const pages = new Pages(registry);
    const seen: string[] = [];
    let after: string | undefined;
    for (;;) {
      const page = pages.page({ selector: everybody, limit: 3, after });
      should(page).be.ok();
      for (const { id } of page ?? []) seen.push(id);
      const last = page?.at(-1);
      if (last === undefined) break;
      registry.delete(last); // its place is still known
      after = last.id;
    }
    should(seen).eql(all.map(({ id }) => id));
  });

  it('does not know what comes after a connection that was never there', () => {
    should(new Pages(new Registry()).page({ selector: everybody, limit: 1, after: 'elsewhere' })).equal(
      undefined,
    );
  });

  it('remembers no more than 256 ends', () => {
    const registry = new Registry();
    const all = Array.from({ length: 300 }, () => connection('acme'));
    for (const one of [...all, connection('acme')]) registry.add(one);
    const pages = new Pages(registry);
    let after: string | undefined;
    for (const { id } of all) {
      pages.page({ selector: everybody, limit: 1, after });
      after = id;
    }
    for (const one of all) registry.delete(one);
    const known = all.filter(
      ({ id }) => pages.page({ selector: everybody, limit: 1, after: id }) !== undefined,
    );
    should(known.length).equal(256);
  });
});
