import { ConfigurationError, type ConfigurationProblem } from './codes.js';
import { asText, type Property, property, type Rules } from './properties.js';

/** Texts separated by commas, each once; `isItem` says which can be one. */
export function list(
  problem: ConfigurationProblem,
  isItem: (item: string) => boolean,
  rules: Rules<readonly string[]> = {},
): Property<readonly string[]> {
  return property(problem, '', rules, (value) => {
    const items = asText(value, problem)
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== '');
    if (new Set(items).size !== items.length || !items.every(isItem)) throw new ConfigurationError(problem);
    return items;
  });
}

/** The same as a list, which a field with several choices stores; a dialog reads it with commas. */
export function choicesOf(
  problem: ConfigurationProblem,
  isItem: (item: string) => boolean,
  rules: Rules<readonly string[]> = {},
): Property<readonly string[]> {
  const { parse, ...others } = list(problem, isItem, { initial: [], ...rules });
  return { ...others, parse: (value) => parse(Array.isArray(value) ? value.join(',') : (value ?? '')) };
}

/** A list of objects, as the editor's lists store them. */
export function entries(
  problem: ConfigurationProblem,
  rules: Rules<readonly unknown[]> = {},
): Property<readonly unknown[]> {
  return property(problem, [], rules, (value) => {
    if (value === '') return [];
    if (!Array.isArray(value)) throw new ConfigurationError(problem);
    return value;
  });
}
