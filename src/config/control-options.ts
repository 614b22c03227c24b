import { choice } from './properties.js';
import { type RawProperties, readProperties } from './schema.js';

/** What may be asked of a listener. */
export const LISTENER_ACTIONS = [
  'list',
  'count',
  'disconnect',
  'revoke',
  'restore',
  'revocations',
  'address',
] as const;

/** What may be asked of a client. */
export const CLIENT_ACTIONS = ['connect', 'close'] as const;

/** The message says which. */
export const ANY_ACTION = 'msg';

export type ActionChoice =
  | (typeof LISTENER_ACTIONS)[number]
  | (typeof CLIENT_ACTIONS)[number]
  | typeof ANY_ACTION;

/** The properties of a `websocket-plus control`, besides what it is attached to. */
export const CONTROL_SCHEMA = {
  action: choice<ActionChoice>('action-unknown', [...LISTENER_ACTIONS, ...CLIENT_ACTIONS, ANY_ACTION]),
};

/**
 * Reads what a node asks for.
 * @throws ConfigurationError
 */
export function parseControlOptions(raw: RawProperties): { readonly action: ActionChoice } {
  return readProperties(CONTROL_SCHEMA, raw, () => undefined);
}
