import should from 'should';
import { retryAfterMs } from '../../../src/client/retry-after.js';

const NOW_MS = Date.UTC(2026, 1, 27, 23, 59, 30);

describe('src/client/retry-after', () => {
  const waitMs = (value: string | undefined, statusCode = 503) =>
    retryAfterMs({ statusCode, headers: value === undefined ? {} : { 'retry-after': value } }, NOW_MS);

  it('reads seconds', () => {
    should(waitMs('30')).equal(30_000);
    should(waitMs('0')).equal(0);
    should(waitMs('007')).equal(7000);
  });

  it('reads a date in each of the three forms of HTTP', () => {
    should(waitMs('Sat, 28 Feb 2026 00:00:00 GMT')).equal(30_000);
    should(waitMs('Saturday, 28-Feb-26 00:00:00 GMT')).equal(30_000);
    should(waitMs('Sat Feb 28 00:00:00 2026')).equal(30_000);
    should(waitMs('Sun Mar  1 00:00:00 2026')).equal(600_000);
  });

  it('does not wait for a date that has passed', () => {
    should(waitMs('Sun, 06 Nov 1994 08:49:37 GMT')).equal(0);
    should(waitMs('Sunday, 06-Nov-94 08:49:37 GMT')).equal(0);
    should(waitMs('Sun Nov  6 08:49:37 1994')).equal(0);
  });

  it('is at most ten minutes', () => {
    for (const value of ['600', '601', '86400', '9'.repeat(400), 'Thu, 31 Dec 9999 23:59:59 GMT'])
      should(waitMs(value)).equal(600_000, value);
  });

  it('is read with 429 and 503 only', () => {
    should(waitMs('30', 429)).equal(30_000);
    for (const status of [200, 301, 401, 403, 500, 502]) should(waitMs('30', status)).equal(undefined);
  });

  it('is ignored where it is missing or broken', () => {
    for (const value of [
      undefined,
      '',
      ' ',
      '-1',
      '+30',
      '1.5',
      '1e3',
      '0x10',
      '30s',
      '30, 60',
      'Infinity',
      'NaN',
      'soon',
      '٣٠',
      '2026-02-28T00:00:00Z',
      'Sat, 28 Feb 2026 00:00:00',
      'Sat, 28 Feb 2026 00:00:00 +0000',
      'Sat, 31 Feb 2026 00:00:00 GMT',
      'Sat, 28 Foo 2026 00:00:00 GMT',
      'Sat, 28 Feb 2026 25:00:00 GMT',
      'Sat, 28 Feb 2026 24:00:00 GMT',
      'Sat Feb 28 00:00:00 2026 GMT',
    ])
      should(waitMs(value)).equal(undefined, value);
  });
});
