import { randomBytes } from 'node:crypto';
import should from 'should';
import { createSessionIds } from '../../../src/sessions/session-id.js';

const ids = createSessionIds(randomBytes(32));

describe('src/sessions/session-id', () => {
  it('proves the tenant it was issued to, and no other', () => {
    for (const tenant of ['acme', '__proto__', 'null', '', 'a\u0000', '\ud800', null]) {
      const id = ids.issue(tenant);
      for (const claimed of ['acme', '__proto__', 'null', '', 'a\u0000', '\ud800', '\udfff', null, 'acme ']) {
        should(ids.proves(id, claimed)).equal(claimed === tenant, `${tenant} as ${claimed}`);
      }
    }
  });

  it('is never the same twice', () => {
    should(new Set(Array.from({ length: 1000 }, () => ids.issue('acme'))).size).equal(1000);
  });

  it('proves nothing when one bit of it is changed, or when it is spelled otherwise', () => {
    const id = ids.issue('acme');
    const bytes = Buffer.from(id, 'base64url');
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const changed = Buffer.from(bytes);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      should(ids.proves(changed.toString('base64url'), 'acme')).equal(false);
    }
    for (const spelling of [`${id}=`, ` ${id}`, id.slice(0, -1), `${id}A`, '', 'x', bytes.toString('hex')]) {
      should(ids.proves(spelling, 'acme')).equal(false, spelling);
    }
  });
});
