import { isVariable } from '../../src/config/properties.js';
import {
  type CredentialName,
  mayApply,
  type PropertyName,
  problemOf,
  type Schema,
  type SchemaProperty,
} from '../../src/config/schema.js';
import type { Conditions } from './dialog-editor.js';
import type { Password, Property } from './node-editor.js';
import { type PropertyCheck, validator } from './validator-editor.js';
import { fieldOf, passwordOf, type Read, STORED_PASSWORD } from './values-editor.js';

/** A config node's schema as Node-RED's editor wants to be told of it. */
export interface Declarations<S extends Schema> {
  /** The definition of a property. @param more asked where the schema finds nothing wrong */
  property(name: PropertyName<S>, ...more: readonly PropertyCheck[]): Property;
  password(name: CredentialName<S>): Password;
  /**
   * Checks a password for the property that makes it necessary, outside of its dialog: there the editor runs no
   * validators of credentials.
   */
  needs(name: CredentialName<S>): PropertyCheck;
  /** For `data-when`: the name of a property stands for when it applies. */
  readonly conditions: Conditions;
}

/** Makes Node-RED's definitions out of a config node's schema. */
export function declare<S extends Schema>(schema: S): Declarations<S> {
  const properties: Readonly<Record<keyof S & string, SchemaProperty>> = schema;
  const judge =
    (name: PropertyName<S>): PropertyCheck =>
    (read) =>
      problemOf(properties[name], read(name), read);
  const judgePassword =
    (name: CredentialName<S>): PropertyCheck =>
    (read, node) => {
      const password = passwordOf(node, name);
      // only the runtime knows it
      if (password === undefined || password === STORED_PASSWORD || isVariable(password)) return undefined;
      return problemOf(properties[name], password, read);
    };
  return {
    property: (name, ...more) => ({
      value: properties[name].initial,
      absent: properties[name].absent,
      validate: validator(name, judge(name), ...more),
    }),
    password: (name) => ({ type: 'password', validate: validator(name, judgePassword(name)) }),
    needs: (name) => (read, node) =>
      fieldOf(node, name) === undefined ? judgePassword(name)(read, node) : undefined,
    conditions: conditionsOf(schema),
  };
}

function conditionsOf(schema: Schema): Conditions {
  const conditional = Object.entries(schema).filter(([, { applies }]) => applies !== undefined);
  return Object.fromEntries(
    conditional.map(([name, property]) => [name, (read: Read) => mayApply(property, read)]),
  );
}
