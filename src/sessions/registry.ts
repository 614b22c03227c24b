import { Audience } from './audience.js';
import type { Connection } from './connection.js';

const NOBODY = new Audience();

/** Who is connected to a listener, for whoever only looks. Sets are live views, in the order in which connections came. */
export interface Connected {
  readonly size: number;
  /** How many tenants have connections; those without one are no tenant. */
  readonly tenants: number;
  get(id: string): Connection | undefined;
  all(): ReadonlySet<Connection>;
  /** null asks for the connections without a tenant. */
  ofTenant(tenantId: string | null): ReadonlySet<Connection>;
  /** null asks for the connections without a tenant. */
  countOf(tenantId: string | null): number;
  /** Those that have any. */
  tenantIds(): Iterable<string | null>;
}

/** The connections of one listener, found by id or by tenant in time that does not grow with the others. */
export class Registry implements Connected {
  readonly #byId = new Map<string, Connection>();
  readonly #everybody = new Audience();
  readonly #byTenant = new Map<string | null, Audience>();
  readonly #counted: ((tenantId: string | null, count: number) => void) | undefined;

  /** @param counted told how many connections a tenant has, whenever that changes */
  constructor(counted?: (tenantId: string | null, count: number) => void) {
    this.#counted = counted;
  }

  get size(): number {
    return this.#everybody.size;
  }

  get tenants(): number {
    return this.#byTenant.size - (this.#byTenant.has(null) ? 1 : 0);
  }

  add(connection: Connection): void {
    const { tenantId } = connection.identity;
    let tenant = this.#byTenant.get(tenantId);
    if (tenant === undefined) {
      tenant = new Audience(this.#everybody);
      this.#byTenant.set(tenantId, tenant);
    }
    this.#byId.set(connection.id, connection);
    this.#everybody.members.add(connection);
    tenant.members.add(connection);
    connection.traffic.join(tenant.tallies);
    this.#counted?.(tenantId, tenant.size);
  }

  delete(connection: Connection): void {
    const { tenantId } = connection.identity;
    this.#byId.delete(connection.id);
    const isHere = this.#everybody.members.delete(connection);
    const tenant = this.#byTenant.get(tenantId);
    tenant?.members.delete(connection);
    if (tenant?.size === 0) this.#byTenant.delete(tenantId);
    connection.traffic.leave();
    if (isHere) this.#counted?.(tenantId, this.countOf(tenantId));
  }

  get(id: string): Connection | undefined {
    return this.#byId.get(id);
  }

  countOf(tenantId: string | null): number {
    return this.audienceOf(tenantId).size;
  }

  ofTenant(tenantId: string | null): ReadonlySet<Connection> {
    return this.audienceOf(tenantId).members;
  }

  all(): ReadonlySet<Connection> {
    return this.#everybody.members;
  }

  tenantIds(): Iterable<string | null> {
    return this.#byTenant.keys();
  }

  /** Everybody who is connected. */
  everybody(): Audience {
    return this.#everybody;
  }

  /** Who is reached by a message to a tenant; null asks for the connections without one. */
  audienceOf(tenantId: string | null): Audience {
    return this.#byTenant.get(tenantId) ?? NOBODY;
  }
}
