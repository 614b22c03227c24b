import type { ConfigurationProblem } from './codes.js';

/**
 * The values of which `aud` has to contain one (RFC 7519 §4.1.3): each of a comma-separated list, and the text as a whole,
 * because in 2.0 a comma was a letter like any other.
 */
export function audiencesOf(text: string): readonly string[] {
  return [...new Set([...itemsOf(text), text])];
}

/** Says what is wrong with what `aud` has to contain, or undefined. */
export function audienceProblem(text: string): ConfigurationProblem | undefined {
  // commas alone look as if something were expected
  return text !== '' && itemsOf(text).length === 0 ? 'audience' : undefined;
}

/** The texts of a comma-separated list. */
export function itemsOf(text: string): readonly string[] {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}
