import type { Connection } from '../sessions/connection.js';
import type { Amount } from '../sessions/traffic.js';

/** A listener whose connections are shown. */
export interface ShownListener {
  /** The config node's. */
  readonly id: string;
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

/** Looks connections up for people. */
export function sessionPage(listeners: readonly ShownListener[], query: SessionQuery): SessionPage {
  const found = listeners.flatMap((listener) => matching(listener, query));
  if (listeners.length === 1) found.reverse();
  else found.sort((one, other) => other.connection.number - one.connection.number);
  const { after = Number.POSITIVE_INFINITY } = query;
  const first = found.findIndex(({ connection }) => connection.number < after);
  const rest = first === -1 ? [] : found.slice(first);
  const rows = rest.slice(0, MAX_ROWS).map(rowOf);
  const next = rest.length > rows.length ? (rows.at(-1)?.ref ?? null) : null;
  return { rows, total: found.length, next };
}

interface Found {
  readonly listener: ShownListener;
  readonly connection: Connection;
}

function matching(listener: ShownListener, { q = '', tenantId, subject }: SessionQuery): Found[] {
  const text = q.toLowerCase();
  const candidates = tenantId === undefined ? listener.all() : listener.ofTenant(tenantId);
  const found: Found[] = [];
  for (const connection of candidates) {
    const { identity, address } = connection;
    if (subject !== undefined && subject !== identity.subject) continue;
    const has = (value: string | null | undefined) => value?.toLowerCase().includes(text) === true;
    if (text === '' || has(identity.subject) || has(identity.tenantId) || has(address))
      found.push({ listener, connection });
  }
  return found;
}

function rowOf({ listener, connection }: Found): SessionRow {
  const { number: ref, identity, connectedAt: since, address, traffic, bufferedBytes: unsent } = connection;
  const { tenantId, subject = null } = identity;
  const expiry = listener.expiryOf(connection);
  const expiresAt = Number.isFinite(expiry) ? expiry : null;
  const { received, sent } = traffic;
  return { ref, listener: listener.id, tenantId, subject, since, expiresAt, address, received, sent, unsent };
}
