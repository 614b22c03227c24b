import type { TenantSource } from '../config/listener-options.js';

/** Where `name` leads in a claims set, and what is there; `tenantId` is undefined where that is no tenant. */
export interface TenantClaim {
  readonly place: 'exact' | 'nested';
  readonly value: unknown;
  readonly tenantId: string | undefined;
}

/** The tenant of whoever shows these claims, or undefined. */
export function tenantOf(
  claims: Readonly<Record<string, unknown>>,
  source: TenantSource,
): string | undefined {
  return source.kind === 'static' ? source.tenantId : tenantFromClaims(claims, source.name);
}

/** Finds the tenant that `claims` name, or undefined. */
export function tenantFromClaims(
  claims: Readonly<Record<string, unknown>>,
  name: string,
): string | undefined {
  return findTenantClaim(claims, name)?.tenantId;
}

/**
 * Finds what `claims` have under `path`, or undefined.
 * At every level a member whose name is all that is left of the path decides, also when its value is no tenant; else the
 * longest beginning of it that ends at a dot and is a member is followed, and no shorter one is tried afterwards. A step `*`
 * stands for the only member of an object (its name, at the end of the path) or the only element of a list. Only own
 * properties count, so that no prototype can name a tenant.
 */
export function findTenantClaim(
  claims: Readonly<Record<string, unknown>>,
  path: string,
): TenantClaim | undefined {
  const place = Object.hasOwn(claims, path) ? 'exact' : 'nested';
  let at: Step | undefined = { value: claims, rest: path };
  while (at?.rest !== undefined) at = next(at.value, at.rest);
  return at && { place, value: at.value, tenantId: asTenant(at.value) };
}

/** Where a walk along a path has got to; `rest` is undefined at its end. */
interface Step {
  readonly value: unknown;
  readonly rest: string | undefined;
}

function next(value: unknown, path: string): Step | undefined {
  if (isObject(value)) {
    for (let end = path.length; end !== -1; end = path.lastIndexOf('.', end - 1)) {
      const name = path.slice(0, end);
      if (Object.hasOwn(value, name)) return { value: value[name], rest: restOf(path, end) };
      if (end === 0) break; // lastIndexOf takes -1 for 0
    }
  }
  return path === '*' || path.startsWith('*.') ? onlyOne(value, restOf(path, 1)) : undefined;
}

function onlyOne(value: unknown, rest: string | undefined): Step | undefined {
  if (Array.isArray(value)) return value.length === 1 ? { value: value[0], rest } : undefined;
  if (!isObject(value)) return undefined;
  const [name, ...others] = Object.keys(value);
  if (name === undefined || others.length > 0) return undefined;
  return { value: rest === undefined ? name : value[name], rest };
}

/** What stands behind the dot at `end`. */
function restOf(path: string, end: number): string | undefined {
  return end === path.length ? undefined : path.slice(end + 1);
}

/** A tenant is a non-empty string, or an integer that JSON carries without loss (RFC 8259 §6); undefined for anything else. */
export function asTenant(value: unknown): string | undefined {
  if (typeof value === 'string' && value !== '') return value;
  if (Number.isSafeInteger(value)) return String(value);
  return undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
