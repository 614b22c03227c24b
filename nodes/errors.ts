import type { NodeAPI } from 'node-red';
import { ConfigurationError } from '../src/config/codes.js';
import { ControlError } from '../src/endpoint/control.js';

/**
 * An error of the core as a user reads it: in the runtime's language, with the core's code. Only the code chooses the
 * words, so that nothing a peer sent gets into them.
 */
export function readableError(RED: NodeAPI, error: unknown): Error {
  const code = codeOf(error);
  if (code === undefined) return error instanceof Error ? error : new Error(String(error));
  const member = error instanceof ControlError ? (error.member ?? '') : '';
  const text = RED._(`errors.${code}`, { member });
  const variable = error instanceof ConfigurationError ? error.variable : undefined;
  const message = variable === undefined ? text : RED._('errors.variable-unset', { text, variable });
  return Object.assign(new Error(message), { code });
}

function codeOf(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : undefined;
}
