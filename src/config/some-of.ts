import { ConfigurationError, type ConfigurationProblem } from './codes.js';
import { asText, type Property, property, type Rules } from './properties.js';

/** Some of `choices`: a list, or their names separated by commas. */
export function someOf<T extends string>(
  problem: ConfigurationProblem,
  choices: readonly T[],
  rules: Rules<readonly T[]> & { readonly initial: readonly T[] },
): Property<readonly T[]> {
  const parse = (value: unknown) => {
    const named: readonly unknown[] = Array.isArray(value) ? value : asText(value, problem).split(',');
    const names = named.map((name) => asText(name, problem).trim()).filter((name) => name !== '');
    if (names.some((name) => !choices.some((one) => one === name))) throw new ConfigurationError(problem);
    return choices.filter((one) => names.includes(one));
  };
  return { ...property(problem, rules.initial, rules, parse), choices };
}
