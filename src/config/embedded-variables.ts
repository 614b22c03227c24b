import { ConfigurationError, type ConfigurationProblem } from './codes.js';

/** Looks up an environment variable as Node-RED knows them: of the process, a flow, a subflow or a group. */
export type Environment = (name: string) => unknown;

/** As in Node-RED's own fields of type `env` (util/lib/util.js, evaluateEnvProperty). */
const VARIABLE = /\$\{([^}]+)\}/g;

/** Whether something in `text` is for the environment to say. */
export function hasVariable(text: string): boolean {
  return text.search(VARIABLE) !== -1;
}

/**
 * Replaces each `${NAME}` in `text`, once: what a variable holds is not looked into.
 * @throws ConfigurationError `problem`, where one is not set. An empty one counts as not set: containers hand on variables
 * that nobody has set as empty ones, and `https://${HOST}/keys` would then be the host `keys`.
 */
export function replaceVariables(
  text: string,
  environment: Environment,
  problem: ConfigurationProblem,
): string {
  return text.replace(VARIABLE, (_, name: string) => {
    const value = asText(environment(name));
    if (value === '' || hasVariable(value)) throw new ConfigurationError(problem, name);
    return value;
  });
}

function asText(value: unknown): string {
  const isPlain = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
  return isPlain ? String(value) : '';
}
