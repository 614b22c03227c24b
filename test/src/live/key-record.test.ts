import should from 'should';
import { KeyRecord } from '../../../src/live/key-record.js';

const SET = { keys: [{ kty: 'RSA' }, { kty: 'EC' }] };
const FETCHED = { kind: 'keys-fetched', set: SET } as const;
const FAILED = { kind: 'keys-failed', code: 'jwks-status', detail: 503, stale: true } as const;

describe('src/live/key-record', () => {
  it('is null where no keys are fetched at all', () => {
    should(new KeyRecord().view()).be.null();
  });

  it('says how old the keys are, and how many', () => {
    const record = new KeyRecord();
    record.add(FETCHED, 1000);
    should(record.view(5000)).eql({ age: 4000, count: 2, failure: null });
  });

  it('says since when they fail, and whether old ones serve', () => {
    const record = new KeyRecord();
    record.add(FETCHED, 1000);
    record.add(FAILED, 2000);
    const failure = { code: 'jwks-status', detail: '503', since: 2000, oldKeys: true };
    should(record.view(5000)).eql({ age: 4000, count: 2, failure });
    record.add(FETCHED, 6000);
    should(record.view(6000)).eql({ age: 0, count: 2, failure: null });
  });

  it('says that no key is usable by its code: the algorithms alone would say nothing', () => {
    const record = new KeyRecord();
    record.add({ ...FAILED, code: 'jwks-unusable', detail: 'RS256, ES256' }, 2000);
    should(record.view(5000)?.failure).match({ code: 'jwks-unusable', detail: '' });
  });

  it('shows of several issuers the worst, and the oldest', () => {
    const record = new KeyRecord();
    record.add({ ...FETCHED, issuer: 'a' }, 1000);
    record.add({ ...FETCHED, issuer: 'b' }, 3000);
    record.add({ ...FAILED, issuer: 'a' }, 4000);
    should(record.view(5000)).match({ age: 4000, count: 4, failure: { oldKeys: true } });
    record.add({ ...FAILED, issuer: 'c', code: 'jwks-timeout', stale: false }, 4000);
    should(record.view(5000)).match({
      age: null,
      count: 4,
      failure: { code: 'jwks-timeout', oldKeys: false },
    });
  });

  it('knows when it was, where it is told later', () => {
    const record = new KeyRecord();
    record.add({ ...FETCHED, issuer: 'a', toldAgain: 1000 });
    should(record.view(3000)).match({ age: 2000 });
  });
});
