import { assert, constant, nat, oneof, pre, property, string, uint16Array } from 'fast-check';
import should from 'should';
import { clusterKeys } from '../../../src/cluster/keys.js';
import { clusterSessionIds, instanceOf, newInstance } from '../../../src/cluster/session-ids.js';

const SECRET = 'one secret of a cluster, for its tests 0123456789';
const instance = newInstance();
const here = clusterSessionIds(clusterKeys(SECRET), instance);
const there = clusterSessionIds(clusterKeys(`  ${SECRET}\n`), newInstance());
const elsewhere = clusterSessionIds(clusterKeys(`${SECRET}!`), newInstance());

const anyText = uint16Array().map((units) => String.fromCharCode(...units));
const tenant = oneof(anyText, string(), constant(null));

describe('src/cluster/session-ids: for any tenants', () => {
  it('an id proves its own tenant to every member, no other tenant, and nothing to another cluster', () => {
    assert(
      property(tenant, tenant, (own, other) => {
        const id = here.issue(own);
        for (const ids of [here, there]) {
          should(ids.proves(id, own)).be.true();
          should(ids.proves(id, other)).equal(own === other);
        }
        should(elsewhere.proves(id, own)).be.false();
      }),
      { numRuns: 500 },
    );
  });

  it('an id says where its peer is', () => {
    should(instanceOf(here.issue('acme'))).equal(instance);
    should(instanceOf(there.issue('acme'))).not.equal(instance);
    should(instanceOf('x'.repeat(43))).equal(undefined);
  });

  it('an id of which any part is another proves nothing', () => {
    assert(
      property(tenant, nat({ max: 53 }), string({ minLength: 1, maxLength: 1 }), (own, at, character) => {
        const id = here.issue(own);
        pre(id[at] !== character);
        should(there.proves(id.slice(0, at) + character + id.slice(at + 1), own)).be.false();
      }),
      { numRuns: 1000 },
    );
  });

  it('no text that was not issued proves anything', () => {
    assert(
      property(string(), tenant, (id, claimed) => should(here.proves(id, claimed)).equal(false) && undefined),
    );
  });

  it('ids are text of one length that needs no escaping, and no two are the same', () => {
    const ids = new Set<string>();
    assert(
      property(tenant, (own) => {
        const id = here.issue(own);
        should(id).match(/^[\w-]{54}$/);
        should(ids.has(id)).be.false();
        ids.add(id);
      }),
    );
  });
});
