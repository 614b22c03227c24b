import should from 'should';
import { Refusals } from '../../../src/live/refusals.js';

const REFUSED = {
  kind: 'refused',
  code: 'token_invalid',
  status: 401,
  because: { cause: 'signature' },
  problem: undefined,
  address: '192.0.2.1',
} as const;

describe('src/live/refusals', () => {
  it('groups by status, word and cause, with the address of the last, newest first', () => {
    const refusals = new Refusals();
    refusals.add(REFUSED, 1000);
    refusals.add({ ...REFUSED, because: { cause: 'issuer' } }, 2000);
    refusals.add({ ...REFUSED, address: '192.0.2.2' }, 3000);
    should(refusals.groups()).eql([
      { cause: 'signature', code: 'token_invalid', status: 401, count: 2, last: 3000, address: '192.0.2.2' },
      { cause: 'issuer', code: 'token_invalid', status: 401, count: 1, last: 2000, address: '192.0.2.1' },
    ]);
  });

  it('names what is wrong with the listener, else the code; and the word of a middleware', () => {
    const refusals = new Refusals();
    const bare = { ...REFUSED, because: undefined };
    refusals.add({ ...bare, code: 'unavailable', status: 503, problem: 'secret-missing' });
    refusals.add({ ...bare, code: 'token_missing' });
    refusals.add({ ...bare, code: 'forbidden', status: 418, told: 'account_locked' });
    should(refusals.groups().map(({ cause, code, status }) => [cause, code, status])).eql([
      ['forbidden', 'account_locked', 418],
      ['token_missing', 'token_missing', 401],
      ['secret-missing', 'unavailable', 503],
    ]);
  });

  it('keeps 64 groups, those that were refused last', () => {
    const refusals = new Refusals();
    for (let status = 400; status < 500; status += 1) refusals.add({ ...REFUSED, status });
    const groups = refusals.groups();
    should(groups).have.length(64);
    should([groups[0]?.status, groups.at(-1)?.status]).eql([499, 436]);
  });

  it('counts seconds, a flood as well as silence', () => {
    const refusals = new Refusals();
    for (let i = 0; i < 10_000; i += 1) refusals.add(REFUSED, 50_500);
    refusals.add(REFUSED, 52_999);
    should(refusals.between(49, 54)).eql([0, 10_000, 0, 1, 0]);
    should(refusals.groups().map(({ count }) => count)).eql([10_001]);
  });
});
