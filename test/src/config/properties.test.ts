import should from 'should';
import { entries, list } from '../../../src/config/lists.js';
import {
  amount,
  choice,
  flag,
  isVariable,
  size,
  text,
  variableName,
} from '../../../src/config/properties.js';

/** What Node-RED leaves of variables that are not set. */
const VARIABLES = ['$'.concat('{NAME}'), '$(NAME)'];

describe('an amount', () => {
  const accepts = (value: unknown) => should(() => amount('heartbeat').parse(value)).not.throw();

  for (const value of [undefined, null, '', ' ', 0, '0', 5, '5', '0.5']) {
    it(`accepts ${JSON.stringify(value)}`, () => accepts(value));
  }

  for (const value of [-1, '-1', 'x', '5s', Number.NaN, Infinity, 'Infinity', true, {}]) {
    it(`refuses ${String(value)}`, () => {
      should(() => amount('heartbeat').parse(value)).throw({
        name: 'ConfigurationError',
        code: 'heartbeat',
      });
    });
  }
});

describe('src/config/properties', () => {
  it('knows a variable by nothing standing around it', () => {
    for (const variable of VARIABLES) {
      should(variableName(variable)).equal('NAME');
      for (const value of [`x${variable}`, `${variable}x`, `${variable} `]) {
        should(isVariable(value)).equal(false, value);
      }
    }
    for (const value of ['', 'NAME', '$NAME', '$'.concat('{}'), '$()', '$'.concat('{NAME)'), '$(A B)']) {
      should(variableName(value)).equal(undefined, value);
    }
  });

  for (const [kind, property] of Object.entries({
    text: text('issuer'),
    choice: choice('issuer', ['a', 'b']),
    amount: amount('issuer'),
    size: size('issuer', 1),
    flag: flag('issuer', {}),
    list: list('issuer', () => true),
    entries: entries('issuer'),
  })) {
    it(`refuses a variable that is not set, as ${kind}`, () => {
      for (const value of VARIABLES) should(() => property.parse(value)).throw({ code: 'issuer' });
    });
  }

  it('takes no size that ws would take for no limit', () => {
    for (const bytes of ['2147483647', '2147483648', '4294967296', '9007199254740991']) {
      should(size('max-payload', 1).parse(bytes)).equal(2147483647);
    }
  });

  it('finds such a variable inside of entries', () => {
    for (const variable of VARIABLES) {
      should(() => entries('headers').parse([{ keyValue: 'X' }, { value: variable }])).throw({
        code: 'headers',
      });
    }
  });

  it('reads a flag as its absence means, where that differs from a new node', () => {
    const property = flag('enforce-limits', { initial: true, absent: false });
    for (const value of [undefined, null, false, 'false', 1]) should(property.parse(value)).equal(false);
    for (const value of [true, 'true']) should(property.parse(value)).equal(true);
    should(property.initial).equal(true);
  });
});
