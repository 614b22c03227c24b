import { isAmount } from './amount.js';

/** A property of a config node as it stands in a flow file, or as an environment variable gave it. */
export type RawProperties = Readonly<Record<string, unknown>>;

/** A config node that must not work as it is configured. The code is a key of the catalog's `errors`. */
export class ConfigurationError extends Error {
  readonly code: string;

  constructor(code: string) {
    super(code);
    this.name = 'ConfigurationError';
    this.code = code;
  }
}

/**
 * The variable that `text` stands for, whole: `${NAME}` or `$(NAME)`, else undefined. Node-RED replaces it while it makes
 * a node, and leaves it where no variable of that name is set (runtime/lib/flows/util.js).
 */
export function variableName(text: string): string | undefined {
  const [, name, oldStyle] = /^\$(?:\{(\S+)\}|\((\S+)\))$/.exec(text) ?? [];
  return name ?? oldStyle;
}

/**
 * A property as text; absent ones give `absent`.
 * @throws ConfigurationError `code` where it is no text, or a reference to an environment variable that is not set: taken
 * literally it would be a value that anybody can guess
 */
export function textOf(value: unknown, absent: string, code: string): string {
  if (value === undefined || value === null) return absent;
  const text = typeof value === 'number' ? String(value) : value;
  if (typeof text !== 'string' || variableName(text) !== undefined) throw new ConfigurationError(code);
  return text;
}

/** One of `choices`, the first of which stands for an absent property. @throws ConfigurationError */
export function choiceOf<T extends string>(value: unknown, choices: readonly [T, ...T[]], code: string): T {
  const text = textOf(value, choices[0], code);
  const choice = choices.find((one) => one === text);
  if (choice === undefined) throw new ConfigurationError(code);
  return choice;
}

/** A number >= 0; undefined where the property is absent or empty. @throws ConfigurationError */
export function numberOf(value: unknown, code: string): number | undefined {
  const text = textOf(value, '', code).trim();
  if (text === '') return undefined;
  if (!isAmount(text)) throw new ConfigurationError(code);
  return Number(text);
}

/** A property that Node-RED's editor stores as true or false, or as text. */
export function isTrue(value: unknown): boolean {
  return value === true || value === 'true';
}
