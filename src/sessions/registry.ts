import type { Connection } from './connection.js';

const NOBODY: ReadonlySet<Connection> = new Set();

/** The connections of one listener, found by id or by tenant in time that does not grow with the others. */
export class Registry {
  readonly #counted: ((tenantId: string | null, count: number) => void) | undefined;
  readonly #byId = new Map<string, Connection>();
  readonly #all = new Set<Connection>();
  readonly #byTenant = new Map<string | null, Set<Connection>>();

  /** @param counted told how many connections a tenant has, whenever that changes */
  constructor(counted?: (tenantId: string | null, count: number) => void) {
    this.#counted = counted;
  }

  get size(): number {
    return this.#all.size;
  }

  add(connection: Connection): void {
    const { tenantId } = connection.identity;
    this.#byId.set(connection.id, connection);
    this.#all.add(connection);
    const tenant = this.#byTenant.get(tenantId);
    if (tenant === undefined) this.#byTenant.set(tenantId, new Set([connection]));
    else tenant.add(connection);
    this.#counted?.(tenantId, this.countOf(tenantId));
  }

  delete(connection: Connection): void {
    const { tenantId } = connection.identity;
    this.#byId.delete(connection.id);
    const isHere = this.#all.delete(connection);
    const tenant = this.#byTenant.get(tenantId);
    tenant?.delete(connection);
    if (tenant?.size === 0) this.#byTenant.delete(tenantId);
    if (isHere) this.#counted?.(tenantId, this.countOf(tenantId));
  }

  get(id: string): Connection | undefined {
    return this.#byId.get(id);
  }

  /** How many connections a tenant has; null asks for those without one. */
  countOf(tenantId: string | null): number {
    return this.ofTenant(tenantId).size;
  }

  /** A live view, not a copy; null asks for the connections without a tenant. */
  ofTenant(tenantId: string | null): ReadonlySet<Connection> {
    return this.#byTenant.get(tenantId) ?? NOBODY;
  }

  /** A live view, not a copy. */
  all(): ReadonlySet<Connection> {
    return this.#all;
  }
}
