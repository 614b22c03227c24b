import { assert, constant, oneof, property, string, uint16Array } from 'fast-check';
import should from 'should';
import { clusterKeys } from '../../../src/cluster/keys.js';
import { TopicNames } from '../../../src/cluster/names.js';

const names = new TopicNames('wsp', clusterKeys('one secret of a cluster, for its tests 0123456789'));
const others = new TopicNames('wsp', clusterKeys('two secret of a cluster, for its tests 0123456789'));

/** Any text that a program can hold, also half of a surrogate pair, wildcards and separators. */
const anyText = oneof(
  uint16Array().map((units) => String.fromCharCode(...units)),
  string(),
  constant('#'),
  constant('a/+/b'),
  constant('$SYS'),
);
const tenant = oneof(anyText, constant(null));

describe('src/cluster/names', () => {
  it('makes topics of one form, whatever a tenant or a path is called', () => {
    assert(
      property(anyText, tenant, (path, tenantId) => {
        should(names.toTenant(path, tenantId)).match(/^wsp\/1\/[\w-]{22}\/t\/[\w-]{22}$/);
        should(names.toEverybody(path)).match(/^wsp\/1\/[\w-]{22}\/a$/);
        should(names.toInstance(path)).match(/^wsp\/1\/[\w-]{22}\/in$/);
      }),
    );
    should(names.all).match(/^wsp\/1\/[\w-]{22}\/hb$/);
  });

  it('gives two tenants of two listeners two topics', () => {
    assert(
      property(anyText, anyText, tenant, tenant, (path, otherPath, one, other) => {
        const isSame = path === otherPath && one === other;
        should(names.toTenant(path, one) === names.toTenant(otherPath, other)).equal(isSame);
      }),
    );
    should(names.toTenant('/ws', null)).not.equal(names.toTenant('/ws', 'null'));
  });

  it('gives each cluster topics of its own', () => {
    assert(
      property(anyText, tenant, (path, tenantId) => {
        should(names.toTenant(path, tenantId)).not.equal(others.toTenant(path, tenantId));
      }),
    );
    should(names.all).not.equal(others.all);
  });

  it('finds the listener of its topics again', () => {
    should(names.listenerOf(names.toTenant('/ws', 'acme'))).equal(names.listener('/ws'));
    should(names.listenerOf(names.toEverybody('/ws'))).equal(names.listener('/ws'));
    should(names.listenerOf('wsp/1')).not.equal(names.listener('/ws'));
    should(names.listenerOf('')).equal('');
  });
});
