import type { Present } from './members.js';

/** How many connections there are, and how many tenants have any; those without one are no tenant. */
export interface Headcount {
  readonly connections: number;
  readonly tenants: number;
}

/** How many connections each tenant has here; null stands for those without one. */
type Here = readonly (readonly [tenantId: string | null, count: number])[];

/** What a tenant is called among members. */
type Name = (tenantId: string | null) => string;

/**
 * Adds up who is connected here and with others.
 * @param tenantId of whom; null: those without a tenant; undefined: everybody
 */
export function headcount(
  tenantId: string | null | undefined,
  here: Here,
  others: readonly Present[],
  name: Name,
): Headcount {
  if (tenantId === undefined) return countAll(here, others, name);
  const called = name(tenantId);
  let connections = here.find(([tenant]) => tenant === tenantId)?.[1] ?? 0;
  for (const tenants of others) connections += tenants.get(called) ?? 0;
  return { connections, tenants: connections > 0 && tenantId !== null ? 1 : 0 };
}

function countAll(here: Here, others: readonly Present[], name: Name): Headcount {
  const counts = [here, ...others].flatMap((tenants) => Array.from(tenants, ([, count]) => count));
  const elsewhere = new Set(others.flatMap((tenants) => [...tenants.keys()]));
  elsewhere.delete(name(null));
  const isOnlyHere = (id: string | null) => id !== null && !(elsewhere.size > 0 && elsewhere.has(name(id)));
  return {
    connections: counts.reduce((sum, count) => sum + count, 0),
    tenants: elsewhere.size + here.filter(([id]) => isOnlyHere(id)).length,
  };
}
