import should from 'should';
import { parseClientOptions } from '../../../src/config/client-options.js';
import { CLIENT_SCHEMA } from '../../../src/config/client-schema.js';
import { CONFIGURATION_PROBLEMS, type ConfigurationProblem } from '../../../src/config/codes.js';
import { type IssuerCredentials, parseIssuerOptions } from '../../../src/config/issuer-options.js';
import { ISSUER_SCHEMA } from '../../../src/config/issuer-schema.js';
import { parseListenerOptions } from '../../../src/config/listener-options.js';
import { LISTENER_SCHEMA } from '../../../src/config/listener-schema.js';
import type { Condition } from '../../../src/config/properties.js';
import {
  initialValues,
  mayApply,
  problemOf,
  type RawProperties,
  type Schema,
  type SchemaProperty,
} from '../../../src/config/schema.js';
import { SECRET } from '../../support/core/tokens.js';

/** What Node-RED leaves of variables that are not set, long enough for a secret. */
const VARIABLES = ['$'.concat('{A_NAME_LONGER_THAN_32_BYTES_THAT_IS_NOT_SET}'), '$(NOT_SET)'];

interface ConfigNode {
  readonly schema: Schema;
  /** Properties and credentials of a node that works, in every mode. */
  readonly working: RawProperties;
  parse(raw: RawProperties): unknown;
}

/** What some choices need beside them. */
const SUITING: Readonly<Record<string, RawProperties>> = {
  base64: { jwtSecret: 'A'.repeat(43), secret: 'A'.repeat(43) },
  base64url: { jwtSecret: 'A'.repeat(43), secret: 'A'.repeat(43) },
  hex: { jwtSecret: '0'.repeat(64), secret: '0'.repeat(64) },
  cookie: { origins: 'same' },
};

const CLIENT = { path: 'wss://example.com/ws' };

const NODES: Readonly<Record<string, ConfigNode>> = {
  listener: {
    schema: LISTENER_SCHEMA,
    working: {
      path: '/ws',
      jwtSecret: SECRET,
      jwksUri: 'https://issuer/keys',
      tenantId: 'house',
      issuer: 'i',
      verifyFunction: 'v',
    },
    parse: ({ jwtSecret, ...raw }) => parseListenerOptions(raw, jwtSecret),
  },
  issuer: {
    schema: ISSUER_SCHEMA,
    working: {
      issuer: 'https://issuer',
      jwksUri: 'https://issuer/keys',
      publicKey: '-----BEGIN PUBLIC KEY-----',
      secret: SECRET,
      keysFunction: 'find',
    },
    parse: ({ secret, previousSecret, keysAuthorization, ...raw }) =>
      parseIssuerOptions(raw, { secret, previousSecret, keysAuthorization } as IssuerCredentials), // a test's own
  },
  client: {
    schema: CLIENT_SCHEMA,
    working: {
      ...CLIENT,
      jwt: 'a.b.c',
      tokenValue: 'TOKEN',
      tokenUrl: 'https://login.example.com/token',
      clientId: 'device',
      clientSecret: 'secret',
    },
    parse: ({ jwt, clientId, clientSecret, ...raw }) =>
      parseClientOptions(raw, { jwt, clientId, clientSecret }),
  },
};

for (const [node, { schema, working, parse }] of Object.entries(NODES)) {
  describe(`src/config: the schema of a ${node}`, () => {
    const properties = Object.entries(schema);

    it('describes a node that works', () => {
      parse(working);
      parse({ ...initialValues(schema), ...working });
    });

    it('means by an absent property what it says', () => {
      const absent = Object.fromEntries(properties.map(([name, property]) => [name, property.absent]));
      should(parse({ ...absent, ...working })).eql(parse(working));
    });

    for (const [name, property] of properties) {
      const { problem, choices } = property;

      it(`refuses a variable that is not set as ${name}`, () => {
        for (const variable of VARIABLES) {
          should(
            refusal(() => parse({ ...working, ...others(schema, property, true), [name]: variable })),
          ).equal(problem);
          should(
            refusal(() => parse({ ...working, ...others(schema, property, false), [name]: variable })),
          ).equal(problem);
        }
      });

      it(`tells of nothing wrong with ${name} in a new node that is filled in`, () => {
        const raw: RawProperties = {
          ...initialValues(schema),
          ...working,
          ...others(schema, property, true),
        };
        const read = (other: string) => String(raw[other] ?? '');
        if (name !== 'headers') should(problemOf(property, read(name), read)).equal(undefined);
        should(mayApply(property, read)).equal(true);
      });

      if (choices === undefined) continue;
      it(`takes each choice of ${name}, and nothing else`, () => {
        for (const choice of choices) parse({ ...working, ...SUITING[choice], [name]: choice });
        should(refusal(() => parse({ ...working, [name]: 'another' }))).equal(problem);
      });
    }

    it('names no property in a condition that it does not have', () => {
      for (const [name, { applies = {} }] of properties) {
        for (const [other, condition] of Object.entries(applies)) {
          const choices = schema[other]?.choices ?? ['']; // a text may be asked to be there
          const unknown = valuesOf(condition).filter((value) => !choices.includes(value));
          should(unknown).eql([], `${name}: ${other}`);
        }
      }
    });

    it('asks, while a variable decides whether a property applies, for that property', () => {
      for (const [, property] of properties) {
        should(mayApply(property, () => '$'.concat('{NAME}'))).equal(true);
      }
    });
  });
}

describe('src/config/schema', () => {
  it('has a dialog mark a largest message that the runtime takes for the default', () => {
    const problem = (value: string) => problemOf(LISTENER_SCHEMA.maxPayload, value, () => '');
    for (const value of ['', ' ', '1', '01024', ' 7 ']) should(problem(value)).equal(undefined, value);
    for (const value of ['0', '-1', '1.5', 'x']) should(problem(value)).equal('max-payload', value);
  });

  it('refuses headers with a variable that is not set, wherever it stands', () => {
    const entry = { keyType: 'other', keyValue: 'X-Name', valueType: 'other', valueValue: 'v' };
    const parse = (headers: unknown) => parseClientOptions({ ...CLIENT, headers }, { jwt: 'a.b.c' });
    parse([entry]);
    for (const name of Object.keys(entry)) {
      for (const variable of VARIABLES) {
        const headers = [{ ...entry, [name]: variable }];
        should(refusal(() => parse(headers))).equal('headers', name);
      }
    }
  });

  it('knows each problem once', () => {
    should(new Set(CONFIGURATION_PROBLEMS).size).equal(CONFIGURATION_PROBLEMS.length);
  });
});

function refusal(parse: () => unknown): ConfigurationProblem | undefined {
  try {
    parse();
  } catch (error) {
    should((error as Error).name).equal('ConfigurationError');
    return (error as { readonly code: ConfigurationProblem }).code;
  }
  return undefined;
}

/** Other properties that let this one apply, or the reverse. */
function others(schema: Schema, { applies = {} }: SchemaProperty, applying: boolean): RawProperties {
  const fits = (condition: Condition) => (choice: string) => holds(condition, choice) === applying;
  const chosen = Object.entries(applies).map(([name, condition]) => [
    name,
    (schema[name]?.choices ?? ['', '1']).find(fits(condition)),
  ]);
  return Object.fromEntries(chosen);
}

function holds(condition: Condition, choice: string): boolean {
  if ('has' in condition) return condition.has === choice;
  return 'is' in condition ? condition.is.includes(choice) : !condition.not.includes(choice);
}

function valuesOf(condition: Condition): readonly string[] {
  if ('has' in condition) return [condition.has];
  return 'is' in condition ? condition.is : condition.not;
}
