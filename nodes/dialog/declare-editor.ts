import { isVariable } from '../../src/config/properties.js';
import { mayApply, problemOf, type Schema, type SchemaProperty } from '../../src/config/schema.js';
import type { Conditions } from './dialog-editor.js';
import type { Password, Property } from './red-editor.js';
import { type PropertyCheck, validator } from './validator-editor.js';
import { fieldOf, passwordOf, type Read, STORED_PASSWORD } from './values-editor.js';

/** A config node's schema as Node-RED's editor wants to be told of it. */
export interface Declarations<Name extends string> {
  /** The definition of a property. @param more asked where the schema finds nothing wrong */
  property(name: Name, ...more: readonly PropertyCheck[]): Property;
  password(name: Name): Password;
  /**
   * Checks a password for the property that makes it necessary, outside of its dialog: there the editor runs no
   * validators of credentials.
   */
  needs(name: Name): PropertyCheck;
  /** For `data-when`: the name of a property stands for when it applies. */
  readonly conditions: Conditions;
}

/** Makes Node-RED's definitions out of a config node's schema. */
export function declare<Name extends string>(
  schema: Readonly<Record<Name, SchemaProperty>>,
): Declarations<Name> {
  const judge =
    (name: Name): PropertyCheck =>
    (read) =>
      problemOf(schema[name], read(name), read);
  const judgePassword =
    (name: Name): PropertyCheck =>
    (read, node) => {
      const password = passwordOf(node, name);
      // only the runtime knows it
      if (password === undefined || password === STORED_PASSWORD || isVariable(password)) return undefined;
      return problemOf(schema[name], password, read);
    };
  return {
    property: (name, ...more) => ({
      value: schema[name].initial,
      absent: schema[name].absent,
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
