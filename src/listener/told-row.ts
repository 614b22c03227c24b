import { instanceOf } from '../cluster/session-ids.js';
import type { ListenerOptions } from '../config/listener-options.js';
import { onlyTenantOf } from '../config/listener-options.js';
import type { Session } from '../sessions/session.js';
import type { SessionIds } from '../sessions/session-id.js';
import type { Amount } from '../sessions/traffic.js';
import type { ConnectionRow } from './connection-row.js';
import type { Position } from './positions.js';

/** A connection somewhere in the cluster. */
export interface Listed {
  readonly position: Position;
  readonly row: ConnectionRow;
}

/** How another instance's word is judged. */
export interface Judge {
  readonly options: ListenerOptions;
  /** Of the cluster. */
  readonly sessionIds: SessionIds;
}

type Told = Readonly<Record<string, unknown>>;

/**
 * Reads what an instance tells of one of its connections. Its session is believed if its id proves the tenant and names that
 * instance, as one is that comes with a message.
 * @returns undefined where that is not so, or anything is not as it should be
 */
export function readListed(told: unknown, instance: string, judge: Judge): Listed | undefined {
  if (!Array.isArray(told)) return undefined;
  const [number, said] = told as readonly unknown[];
  const { address, connectedAt, expiresAt, bufferedBytes, ...rest } = Object(said) as Told;
  const session = readSession(rest.session, instance, judge);
  const received = readAmount(rest.received);
  const sent = readAmount(rest.sent);
  if (session === undefined || received === undefined || sent === undefined) return undefined;
  if (!isCount(number) || !isCount(connectedAt) || !isCount(bufferedBytes)) return undefined;
  if (typeof address !== 'string' || (expiresAt !== null && !isNumber(expiresAt))) return undefined;
  const position = [connectedAt, instance, number] as const;
  return { position, row: { session, address, connectedAt, expiresAt, received, sent, bufferedBytes } };
}

function readSession(told: unknown, instance: string, { options, sessionIds }: Judge): Session | undefined {
  const { id, tenantId, subject, authStatus, params, claims } = Object(told) as Told;
  const only = onlyTenantOf(options);
  if (typeof id !== 'string' || (typeof tenantId !== 'string' && tenantId !== null)) return undefined;
  if (instanceOf(id) !== instance || !sessionIds.proves(id, tenantId)) return undefined;
  if (only !== undefined && tenantId !== only) return undefined;
  if (authStatus !== 'verified' && authStatus !== 'none') return undefined;
  if (subject !== undefined && typeof subject !== 'string') return undefined;
  if (params !== undefined && !isTexts(params)) return undefined;
  if (claims !== undefined && !isObject(claims)) return undefined;
  return {
    type: 'websocket',
    id,
    tenantId,
    ...(subject === undefined ? {} : { subject }),
    authStatus,
    routingScope: options.scope,
    ...(params === undefined ? {} : { params }),
    ...(claims === undefined ? {} : { claims }),
  };
}

function readAmount(told: unknown): Amount | undefined {
  const { messages, bytes } = Object(told) as Told;
  return isCount(messages) && isCount(bytes) ? { messages, bytes } : undefined;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

function isNumber(value: unknown): value is number {
  return Number.isFinite(value);
}

function isObject(value: unknown): value is Told {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isTexts(value: unknown): value is Readonly<Record<string, string>> {
  return isObject(value) && Object.values(value).every((text) => typeof text === 'string');
}
