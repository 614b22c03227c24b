import type { RoutingScope } from './listener-schema.js';
import { choice, flag } from './properties.js';
import { type RawProperties, readProperties } from './schema.js';

/** Who of a listener's scope gets a message; empty: all of it. */
export const OUT_SCOPES = ['', 'session', 'tenant', 'global'] as const;

/** The properties of a `websocket-plus out`, besides what it is attached to. */
export const OUT_SCHEMA = {
  scope: choice('scope-unknown', OUT_SCOPES),
  skipSender: flag('skip-sender', {}),
  localOnly: flag('local-only', {}),
};

/** From the narrowest to the widest. */
const NARROW_FIRST: readonly RoutingScope[] = ['session', 'tenant', 'global'];

/** Whether a scope reaches more than another one. */
export function isWider(scope: RoutingScope, than: RoutingScope): boolean {
  return NARROW_FIRST.indexOf(scope) > NARROW_FIRST.indexOf(than);
}

/** How a message is sent otherwise than the listener says: to fewer. */
export interface Narrowing {
  /** Absent: the listener's. */
  readonly scope?: RoutingScope;
  /** Whether the connection that a message came from is left out. */
  readonly skipSender: boolean;
  /** Whether peers of other instances of a cluster are left out. */
  readonly localOnly: boolean;
}

/**
 * Reads how a node sends; undefined: as the listener says.
 * @throws ConfigurationError
 */
export function parseOutOptions(raw: RawProperties): Narrowing | undefined {
  const { scope, skipSender, localOnly } = readProperties(OUT_SCHEMA, raw, () => undefined);
  if (scope === '') return skipSender || localOnly ? { skipSender, localOnly } : undefined;
  return { scope, skipSender, localOnly };
}
