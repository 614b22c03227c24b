import { ConfigurationError, type ConfigurationProblem } from './codes.js';

/** What a flow file may hold for a property. */
export type Stored = string | boolean | readonly unknown[];

/** Reads a property of the same node as text; an absent one as what that means. */
export type Read = (name: string) => string;

/** What another property has to be. */
export type Condition =
  | { readonly is: readonly string[] }
  | { readonly not: readonly string[] }
  /** It is several, and this is one of them. */
  | { readonly has: string };

/** One property of a config node, whose values the core knows as `T`. */
export interface Property<T = unknown> {
  /** What an unset variable is, and a value that cannot be read. */
  readonly problem: ConfigurationProblem;
  /** What a new node has. */
  readonly initial: Stored;
  /** What it means that a flow file does not mention the property. */
  readonly absent: Stored;
  readonly choices?: readonly string[];
  /** The property counts only where all of these others are as said. */
  readonly applies?: Readonly<Record<string, Condition>>;
  /** @throws ConfigurationError */
  parse(value: unknown): T;
  /** Says what is wrong with a value that could be read, where the property applies. */
  check?(value: T, read: Read): ConfigurationProblem | undefined;
  /** `${NAME}` inside of a longer text is replaced, too. */
  readonly embedsVariables?: true;
  /** Says what a dialog marks although the runtime puts up with it. */
  mark?(text: string): ConfigurationProblem | undefined;
}

/** A password: it is no part of the flow file. */
export interface Credential extends Property<string> {
  readonly isCredential: true;
}

/** What a property may say beside its kind. */
export type Rules<T> = Partial<Omit<Property<T>, 'problem' | 'parse' | 'choices'>>;

/**
 * The variable that `value` stands for, whole: `${NAME}` or `$(NAME)`, else undefined. Node-RED replaces it while it makes
 * a node, and leaves it where no variable of that name is set (runtime/lib/flows/util.js).
 */
export function variableName(value: string): string | undefined {
  const [, name, oldStyle] = /^\$(?:\{(\S+)\}|\((\S+)\))$/.exec(value) ?? [];
  return name ?? oldStyle;
}

/** Whether the runtime replaces `value` by a variable. */
export function isVariable(value: string): boolean {
  return variableName(value) !== undefined;
}

/** A text; a number counts as one. */
export function text(problem: ConfigurationProblem, rules: Rules<string> = {}): Property<string> {
  return property(problem, '', rules, (value) => asText(value, problem));
}

/** A text without the white space around it. */
export function trimmed(problem: ConfigurationProblem, rules: Rules<string> = {}): Property<string> {
  return property(problem, '', rules, (value) => asText(value, problem).trim());
}

/**
 * What a claim has to be, without the white space around it; empty: anything. White space alone is no way to say so: it looks
 * as if something were expected.
 */
export function expected(problem: ConfigurationProblem, rules: Rules<string> = {}): Property<string> {
  return property(problem, '', rules, (value) => {
    const whole = asText(value, problem);
    if (whole !== '' && whole.trim() === '') throw new ConfigurationError(problem);
    return whole.trim();
  });
}

/** Keeps a text out of the flow file. */
export function credential(secret: Property<string>): Credential {
  return { ...secret, isCredential: true };
}

/** One of `choices`, of which a new node has the first. */
export function choice<T extends string>(
  problem: ConfigurationProblem,
  choices: readonly [T, ...T[]],
  rules: Rules<T> = {},
): Property<T> {
  const parse = (value: unknown) => {
    const chosen = choices.find((one) => one === asText(value, problem));
    if (chosen === undefined) throw new ConfigurationError(problem);
    return chosen;
  };
  return { ...property(problem, choices[0], rules, parse), choices };
}

/** A limit or a duration: a number from 0 to `max`; undefined where it is empty. */
export function amount(
  problem: ConfigurationProblem,
  { max = Number.MAX_VALUE, ...rules }: Rules<number | undefined> & { readonly max?: number } = {},
): Property<number | undefined> {
  return property(problem, '', rules, (value) => {
    const digits = asText(value, problem).trim();
    if (digits === '') return undefined;
    const number = Number(digits);
    if (!(number >= 0 && number <= max)) throw new ConfigurationError(problem);
    return number;
  });
}

/** ws counts in 32 bits, and takes what is larger for no limit at all (lib/receiver.js). */
const MAX_SIZE = 2 ** 31 - 1;

/**
 * A size in bytes, of at most 2 GiB. What is no positive integer means `initial`; a dialog marks it, unless it is empty.
 */
export function size(problem: ConfigurationProblem, initial: number): Property<number> {
  const parse = (value: unknown) => {
    const bytes = Number(value);
    return Number.isSafeInteger(bytes) && bytes > 0 ? Math.min(bytes, MAX_SIZE) : initial;
  };
  const mark = (digits: string) => (/^\s*(?:0*[1-9]\d*)?\s*$/.test(digits) ? undefined : problem);
  return property(problem, String(initial), { mark }, parse);
}

/** True or false, stored as that or as text. What is neither is false. */
export function flag(problem: ConfigurationProblem, rules: Rules<boolean>): Property<boolean> {
  return property(problem, false, rules, (value) => value === true || value === 'true');
}

/** A property of any kind. Taken literally, a variable that is not set would be a value that anybody can guess. */
export function property<T>(
  problem: ConfigurationProblem,
  initial: Stored,
  rules: Rules<T>,
  parse: (value: unknown) => T,
): Property<T> {
  const absent = rules.absent ?? rules.initial ?? initial;
  return {
    initial,
    ...rules,
    problem,
    absent,
    parse: (value) => {
      if (holdsVariable(value)) throw new ConfigurationError(problem);
      return parse(value ?? absent);
    },
  };
}

/** Node-RED replaces variables inside lists and objects, too. */
function holdsVariable(value: unknown): boolean {
  if (typeof value === 'string') return isVariable(value);
  return typeof value === 'object' && value !== null && Object.values(value).some(holdsVariable);
}

/** @throws ConfigurationError */
export function asText(value: unknown, problem: ConfigurationProblem): string {
  if (typeof value === 'number') return String(value);
  if (typeof value !== 'string') throw new ConfigurationError(problem);
  return value;
}
