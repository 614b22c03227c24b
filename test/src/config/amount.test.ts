import assert from 'node:assert/strict';
import { isAmount } from '../../../src/config/amount.js';

describe('isAmount', () => {
  for (const value of [undefined, null, '', ' ', 0, '0', 5, '5', '0.5']) {
    it(`accepts ${JSON.stringify(value)}`, () => assert.equal(isAmount(value), true));
  }

  for (const value of [-1, '-1', 'x', '5s', Number.NaN, Infinity, 'Infinity', true, {}]) {
    it(`refuses ${String(value)}`, () => assert.equal(isAmount(value), false));
  }
});
