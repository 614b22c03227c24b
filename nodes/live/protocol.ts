import type { MemberView } from '../../src/cluster/members.js';
import type { KeysView } from '../../src/live/key-record.js';
import type { Series } from '../../src/live/listener-record.js';
import type { RefusalGroup } from '../../src/live/refusals.js';
import type { SessionPage, SessionRow } from '../../src/live/session-rows.js';
import type { UnservedPath } from '../../src/live/unserved-paths.js';
import type { WatchAnswer } from '../../src/live/watches.js';

export type { MemberView, RefusalGroup, Series, SessionPage, SessionRow, UnservedPath, WatchAnswer };

/** In place of a listener's id: all of them. */
export const ALL = 'all';

/** Times in milliseconds since the epoch. */
export interface LiveView {
  readonly at: number;
  readonly listeners: readonly ListenerView[];
  readonly clients: readonly ClientView[];
  readonly clusters: readonly ClusterView[];
  readonly unserved: readonly UnservedPath[];
}

export interface TenantView {
  /** null: those without a tenant. */
  readonly tenantId: string | null;
  readonly connections: number;
  /** null: there is none. */
  readonly limit: number | null;
}

export interface ListenerView {
  readonly id: string;
  readonly name: string;
  readonly path: string;
  /** The kind of its state. */
  readonly state: string;
  /** What is wrong with its configuration; empty where nothing is. */
  readonly reason: string;
  readonly keys: KeysView | null;
  readonly connections: number;
  /** On all instances of its cluster that are heard, with those here; null: there are no others. */
  readonly everywhere: number | null;
  /** Those with most connections. */
  readonly tenants: readonly TenantView[];
  /** How many there are. */
  readonly tenantCount: number;
  readonly series: Series;
  readonly refused: readonly RefusalGroup[];
}

export interface ClientView {
  readonly id: string;
  readonly name: string;
  /** Without its query. */
  readonly url: string;
  readonly state: string;
  /** Why it is not connected, in a word or two; empty where that is not known. */
  readonly reason: string;
  /** When its state began. */
  readonly since: number;
  /** When it tries again; null: it does not, or it is connected. */
  readonly nextAttempt: number | null;
}

export interface ClusterView {
  readonly id: string;
  readonly name: string;
  /** The kind of its state, or `misconfigured`. */
  readonly state: string;
  /** What is wrong, in a word; empty where nothing is. */
  readonly reason: string;
  /** When its state began. */
  readonly since: number;
  /** The other instances that are heard. */
  readonly members: readonly MemberView[];
}

/** What may be wrong with a request. Keys of the catalog's `errors`. */
export const LIVE_ERRORS = [
  'live-off',
  'live-counts',
  'live-unknown',
  'live-watches',
  'live-no-block',
  'live-failed',
  'live-forbidden',
  'live-forbidden-write',
  'bad-request',
  'trial-unreachable',
] as const;

export type LiveErrorCode = (typeof LIVE_ERRORS)[number];
