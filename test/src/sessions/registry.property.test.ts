import { array, assert, constant, constantFrom, nat, oneof, property, string, tuple } from 'fast-check';
import should from 'should';
import type { Connection } from '../../../src/sessions/connection.js';
import { Registry } from '../../../src/sessions/registry.js';
import { FanOutPeer } from '../../support/core/fan-out-peer.js';

type Tenant = string | null;

const tenant = oneof(
  constantFrom('acme', 'acme ', 'other', '__proto__', 'constructor', 'null', '', '0', '\ud800', 'a\0'),
  constant(null),
  string(),
);

describe('src/sessions/registry: for any coming and going', () => {
  const steps = array(tuple(tenant, nat()), { maxLength: 60 });

  it('finds exactly who is there, by tenant, by id and altogether, and keeps nothing of who has gone', () => {
    assert(
      property(steps, (all) => {
        const registry = new Registry();
        let present: Connection[] = [];
        const tenants = new Set<Tenant>();
        for (const [tenantId, choice] of all) {
          const leaver = choice % 3 === 0 ? present[choice % (present.length || 1)] : undefined;
          if (leaver === undefined) {
            const comer = new FanOutPeer(registry, tenantId).connection; // adds itself
            tenants.add(tenantId);
            present.push(comer);
          } else {
            registry.delete(leaver);
            registry.delete(leaver); // gone is gone
            present = present.filter((one) => one !== leaver);
          }
          check(registry, present, tenants);
        }
        for (const one of present) registry.delete(one);
        check(registry, [], tenants);
      }),
    );
  });
});

function check(registry: Registry, present: readonly Connection[], tenants: ReadonlySet<Tenant>): void {
  should(registry.size).equal(present.length);
  sameMembers(registry.all(), present);
  for (const one of present) should(registry.get(one.id)).equal(one);
  for (const tenantId of tenants) {
    const members = present.filter(({ identity }) => identity.tenantId === tenantId);
    should(registry.countOf(tenantId)).equal(members.length);
    sameMembers(registry.ofTenant(tenantId), members);
  }
}

function sameMembers(actual: ReadonlySet<Connection>, expected: readonly Connection[]): void {
  should(actual.size).equal(expected.length);
  for (const one of expected) should(actual.has(one)).equal(true);
}
