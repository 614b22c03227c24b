import type { SubjectLimitOptions } from '../config/listener-options.js';
import { Rejection } from '../handshake/rejection.js';
import type { Identity } from '../token/identity.js';
import type { Connection } from './connection.js';
import { CLOSE } from './endings.js';
import type { Registry } from './registry.js';
import { SubjectLimit } from './subject-limit.js';

/** Limits that are enforced; absent: none. */
interface Limits {
  /** Connections of a tenant at a time. */
  readonly maxConnections?: number;
  readonly subjectLimit?: SubjectLimitOptions;
}

/** Who may still join the connections of a listener. */
export class Membership {
  readonly #registry: Registry;
  readonly #maxConnections: number;
  readonly #countElsewhere: ((tenantId: string | null) => number) | undefined;
  readonly #subjects: SubjectLimit | undefined;

  /** @param countElsewhere how many connections a tenant has that are not in `registry`, as far as is known */
  constructor(
    registry: Registry,
    { maxConnections = Number.POSITIVE_INFINITY, subjectLimit }: Limits,
    countElsewhere?: (tenantId: string | null) => number,
  ) {
    this.#registry = registry;
    this.#countElsewhere = countElsewhere;
    this.#maxConnections = maxConnections;
    if (subjectLimit !== undefined) this.#subjects = new SubjectLimit(subjectLimit);
  }

  /** @throws Rejection where there is no room for one more */
  checkRoom(identity: Identity): void {
    const ofSubject = this.#subjects?.verdictOn(identity);
    const staying = this.#registry.countOf(identity.tenantId) - (ofSubject === 'replace' ? 1 : 0);
    if (ofSubject === 'refuse' || this.#isFull(identity.tenantId, staying)) {
      throw new Rejection('too_many_connections');
    }
  }

  /** The oldest connection of a subject that has as many as it may makes room at once, also for its tenant. */
  join(connection: Connection): void {
    const { identity } = connection;
    if (this.#subjects?.verdictOn(identity) === 'replace') this.#replace(this.#subjects.oldestOf(identity));
    this.#registry.add(connection);
    this.#subjects?.add(connection);
  }

  leave(connection: Connection): void {
    this.#registry.delete(connection);
    this.#subjects?.delete(connection);
  }

  /** How many there are, and how many of them of this tenant. */
  present(tenantId: string | null): { readonly connections: number; readonly tenantConnections: number } {
    return { connections: this.#registry.size, tenantConnections: this.#registry.countOf(tenantId) };
  }

  #isFull(tenantId: string | null, here: number): boolean {
    if (this.#maxConnections === Number.POSITIVE_INFINITY) return false;
    return here + (this.#countElsewhere?.(tenantId) ?? 0) >= this.#maxConnections;
  }

  #replace(oldest: Connection | undefined): void {
    oldest?.close(CLOSE.replaced);
    if (oldest !== undefined) this.leave(oldest);
  }
}
