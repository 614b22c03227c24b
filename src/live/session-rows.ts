import type { Connection } from '../sessions/connection.js';
import type { Amount } from '../sessions/traffic.js';

/** A listener whose connections are shown. */
export interface ShownListener {
  /** The config node's. */
  readonly id: string;
  /** The oldest first. */
  all(): Iterable<Connection>;
  ofTenant(tenantId: string | null): Iterable<Connection>;
  /** Milliseconds since the epoch; Infinity: never. */
  expiryOf(connection: Connection): number;
}

/** Which connections are asked for; all that is given must match. */
export interface SessionQuery {
  /** Stands in the subject, the tenant or the address, in capitals or not. */
  readonly q: string | undefined;
  /** null: of no tenant. */
  readonly tenantId: string | null | undefined;
  readonly subject: string | undefined;
  /** The last row that is known: those that come after it are older. */
  readonly after: number | undefined;
}

/** A connection as it is shown: nothing unverified, and not its session id, which is a proof. Times in milliseconds since the epoch. */
export interface SessionRow {
  readonly ref: number;
  readonly listener: string;
  readonly tenantId: string | null;
  readonly subject: string | null;
  readonly since: number;
  /** null: never. */
  readonly expiresAt: number | null;
  readonly address: string;
  readonly received: Amount;
  readonly sent: Amount;
  /** Bytes. */
  readonly unsent: number;
}

/** Some of the connections, the newest first. */
export interface SessionPage {
  readonly rows: readonly SessionRow[];
  /** Connections that match. */
  readonly total: number;
  /** What `after` is to be for the next rows; null: there are none. */
  readonly next: number | null;
}

const MAX_ROWS = 200;

/** Looks connections up for people. All are looked at, and no more kept than are shown: it is asked every other second. */
export function sessionPage(listeners: readonly ShownListener[], query: SessionQuery): SessionPage {
  const all = listeners.map((listener) => matchesOf(listener, query));
  const found = all.flatMap(({ newest }) => newest);
  found.sort((one, other) => other.connection.number - one.connection.number);
  const rows = found.slice(0, MAX_ROWS).map(rowOf);
  const older = sum(all.map((one) => one.older));
  const next = older > rows.length ? (rows.at(-1)?.ref ?? null) : null;
  return { rows, total: sum(all.map(({ total }) => total)), next };
}

interface Found {
  readonly listener: ShownListener;
  readonly connection: Connection;
}

interface Matches {
  readonly total: number;
  /** How many of them come after the rows that are known. */
  readonly older: number;
  /** Of these, as many as are shown, in no order. */
  readonly newest: readonly Found[];
}

function matchesOf(listener: ShownListener, query: SessionQuery): Matches {
  const { tenantId, after = Number.POSITIVE_INFINITY } = query;
  const isMatch = matcher(query);
  const newest: Connection[] = [];
  let total = 0;
  let older = 0;
  for (const connection of tenantId === undefined ? listener.all() : listener.ofTenant(tenantId)) {
    if (!isMatch(connection)) continue;
    total += 1;
    if (connection.number >= after) continue;
    newest[older % MAX_ROWS] = connection; // they come oldest first
    older += 1;
  }
  return { total, older, newest: newest.map((connection) => ({ listener, connection })) };
}

function matcher({ q = '', subject }: SessionQuery): (connection: Connection) => boolean {
  const text = q.toLowerCase();
  const has = (value: string | null | undefined) => value?.toLowerCase().includes(text) === true;
  return ({ identity, address }) => {
    if (subject !== undefined && subject !== identity.subject) return false;
    return text === '' || has(identity.subject) || has(identity.tenantId) || has(address);
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function rowOf({ listener, connection }: Found): SessionRow {
  const { number: ref, identity, connectedAt: since, address, traffic, bufferedBytes: unsent } = connection;
  const { tenantId, subject = null } = identity;
  const expiry = listener.expiryOf(connection);
  const expiresAt = Number.isFinite(expiry) ? expiry : null;
  const { received, sent } = traffic;
  return { ref, listener: listener.id, tenantId, subject, since, expiresAt, address, received, sent, unsent };
}
