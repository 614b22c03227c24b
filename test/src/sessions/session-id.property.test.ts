import { randomBytes } from 'node:crypto';
import { assert, constant, nat, oneof, pre, property, string, uint16Array } from 'fast-check';
import should from 'should';
import { createSessionIds } from '../../../src/sessions/session-id.js';

const ids = createSessionIds(randomBytes(32));

/** Any text that a program can hold, also half of a surrogate pair. */
const anyText = uint16Array().map((units) => String.fromCharCode(...units));
const tenant = oneof(anyText, string(), constant(null));

describe('src/sessions/session-id: for any tenants', () => {
  it('an id proves its own tenant, and no other', () => {
    assert(
      property(tenant, tenant, (own, other) => {
        const id = ids.issue(own);
        should(ids.proves(id, own)).equal(true);
        should(ids.proves(id, other)).equal(own === other);
      }),
      { numRuns: 1000 },
    );
  });

  it('no text that was not issued proves anything', () => {
    assert(
      property(string(), tenant, (id, claimed) => should(ids.proves(id, claimed)).equal(false) && undefined),
    );
  });

  it('an id of which any part is another proves nothing', () => {
    assert(
      property(tenant, nat({ max: 42 }), string({ minLength: 1, maxLength: 1 }), (own, at, character) => {
        const id = ids.issue(own);
        pre(id[at] !== character);
        should(ids.proves(id.slice(0, at) + character + id.slice(at + 1), own)).equal(false);
      }),
      { numRuns: 1000 },
    );
  });

  it('the random part of one id and the proof of another prove nothing, also of the same tenant', () => {
    assert(
      property(tenant, (own) => {
        const [one, two] = [ids.issue(own), ids.issue(own)].map((id) => Buffer.from(id, 'base64url'));
        const mixed = Buffer.concat([one?.subarray(0, 16) ?? [], two?.subarray(16) ?? []] as Buffer[]);
        should(ids.proves(mixed.toString('base64url'), own)).equal(false);
      }),
    );
  });

  it('ids are text of one length that needs no escaping, and tell nothing of the tenant', () => {
    assert(property(tenant, (own) => should(ids.issue(own)).match(/^[\w-]{43}$/) && undefined));
  });
});
