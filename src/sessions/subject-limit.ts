import type { SubjectLimitOptions } from '../config/listener-options.js';
import type { Identity } from '../token/identity.js';
import type { Connection } from './connection.js';

/** The open connections of a listener by tenant and subject, and how many of them there may be. */
export class SubjectLimit {
  readonly #options: SubjectLimitOptions;
  /** By the subject's key; the oldest connection first. */
  readonly #connections = new Map<string, Set<Connection>>();

  constructor(options: SubjectLimitOptions) {
    this.#options = options;
  }

  /** What one more connection of this subject leads to; one without a subject is not counted. */
  verdictOn(identity: Identity): 'room' | 'refuse' | 'replace' {
    const { max, whenFull } = this.#options;
    const open = this.#of(identity)?.size ?? 0;
    if (identity.subject === undefined || open + 1 <= max) return 'room';
    return open === 0 ? 'refuse' : whenFull; // where none may be there is none to replace
  }

  /** The connection that makes room for one more. */
  oldestOf(identity: Identity): Connection | undefined {
    return this.#of(identity)?.values().next().value;
  }

  add(connection: Connection): void {
    const { identity } = connection;
    if (identity.subject === undefined) return;
    const open = this.#of(identity);
    if (open === undefined) this.#connections.set(keyOf(identity), new Set([connection]));
    else open.add(connection);
  }

  delete(connection: Connection): void {
    const open = this.#of(connection.identity);
    open?.delete(connection);
    if (open?.size === 0) this.#connections.delete(keyOf(connection.identity));
  }

  #of(identity: Identity): Set<Connection> | undefined {
    return this.#connections.get(keyOf(identity));
  }
}

/** JSON keeps null apart from the tenant called "null", and one name from the next. */
function keyOf({ tenantId, subject }: Identity): string {
  return JSON.stringify([tenantId, subject]);
}
