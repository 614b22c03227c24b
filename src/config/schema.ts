import { ConfigurationError, type ConfigurationProblem } from './codes.js';
import { type Environment, hasVariable, replaceVariables } from './embedded-variables.js';
import {
  type Condition,
  type Credential,
  isVariable,
  type Property,
  type Read,
  type Stored,
} from './properties.js';

export type { Read };

/** The properties of a config node as they stand in a flow file, or as environment variables gave them. */
export type RawProperties = Readonly<Record<string, unknown>>;

/** All properties of a type of config node, its credentials included, by their names in flow files. */
export type Schema = Readonly<Record<string, SchemaProperty>>;

/** A property whatever its values are; `never` because only its own `parse` knows what its `check` takes. */
export type SchemaProperty = Omit<Property, 'check'> & {
  check?(value: never, read: Read): ConfigurationProblem | undefined;
};

/** The names of the credentials in `S`. */
export type CredentialName<S extends Schema> = {
  [Name in keyof S & string]: S[Name] extends Credential ? Name : never;
}[keyof S & string];

/** The names of what stands in the flow file. */
export type PropertyName<S extends Schema> = Exclude<keyof S & string, CredentialName<S>>;

/** What the properties of `S` mean. */
export type Values<S extends Schema> = {
  readonly [Name in keyof S]: S[Name] extends { parse(value: unknown): infer T } ? T : never;
};

/** The other property has to be one of these. */
export function is(...values: readonly string[]): Condition {
  return { is: values };
}

/** The other property has to be none of these. */
export function not(...values: readonly string[]): Condition {
  return { not: values };
}

/** The other property, which is several, has to have this one. */
export function has(value: string): Condition {
  return { has: value };
}

/**
 * Reads all properties of a node. Each has to be readable, whether it applies or not.
 * @param raw the credentials among them
 * @param environment gives the variables inside of longer texts
 * @throws ConfigurationError the first problem, in the order of `schema`
 */
export function readProperties<S extends Schema>(
  schema: S,
  raw: RawProperties,
  environment: Environment,
): Values<S> {
  const read: Read = (name) => plain(raw[name] ?? schema[name]?.absent);
  const values = Object.entries(schema).map(([name, property]) => [
    name,
    readProperty(property, withVariables(property, raw[name], environment), read),
  ]);
  return Object.fromEntries(values) as Values<S>; // a name with what its own property has parsed
}

/** The values that have none of these `names`. */
export function othersThan<V extends object, Name extends keyof V & string>(
  names: readonly Name[],
  values: V,
): Omit<V, Name> {
  const isOther = ([name]: [string, unknown]) => !names.some((one) => one === name);
  return Object.fromEntries(Object.entries(values).filter(isOther)) as Omit<V, Name>;
}

/** Says what is wrong with a property whose value is `read(name)`, or undefined. */
export function problemOf(
  property: SchemaProperty,
  value: string,
  read: Read,
): ConfigurationProblem | undefined {
  if (property.embedsVariables && hasVariable(value)) return undefined; // only the runtime knows
  try {
    readProperty(property, value, read);
    return property.mark?.(value);
  } catch (error) {
    if (error instanceof ConfigurationError) return error.code;
    throw error;
  }
}

/** Whether the property counts; while a variable decides, it may. */
export function mayApply({ applies = {} }: SchemaProperty, read: Read): boolean {
  return Object.entries(applies).every(
    ([name, condition]) => holds(condition, read(name)) || isVariable(read(name)),
  );
}

/** What a new node has, credentials aside. */
export function initialValues(schema: Schema): Readonly<Record<string, Stored>> {
  const stored = Object.entries(schema).filter(([, property]) => !isCredential(property));
  return Object.fromEntries(stored.map(([name, { initial }]) => [name, initial]));
}

function isCredential(property: SchemaProperty | Credential): boolean {
  return 'isCredential' in property;
}

function withVariables(property: SchemaProperty, raw: unknown, environment: Environment): unknown {
  // a whole one was for Node-RED to replace
  if (!property.embedsVariables || typeof raw !== 'string' || isVariable(raw)) return raw;
  return replaceVariables(raw, environment, property.problem);
}

function readProperty(property: SchemaProperty, raw: unknown, read: Read): unknown {
  const { applies = {}, check } = property as Property; // what `parse` returns is what `check` takes
  const value = property.parse(raw);
  if (!Object.entries(applies).every(([name, condition]) => holds(condition, read(name)))) return value;
  const problem = check?.(value, read);
  if (problem !== undefined) throw new ConfigurationError(problem);
  return value;
}

function holds(condition: Condition, value: string): boolean {
  if ('has' in condition) return value.split(',').some((one) => one.trim() === condition.has);
  return 'is' in condition ? condition.is.includes(value) : !condition.not.includes(value);
}

function plain(value: unknown): string {
  if (Array.isArray(value)) return value.map(plain).join(',');
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : '';
}
