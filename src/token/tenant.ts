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
 * Finds what `claims` have under `name`, or undefined.
 * A claim called exactly `name` decides, also when its value is no tenant; otherwise the dots in `name` lead into
 * nested objects. Only own properties count, so that no prototype can name a tenant.
 */
export function findTenantClaim(
  claims: Readonly<Record<string, unknown>>,
  name: string,
): TenantClaim | undefined {
  if (Object.hasOwn(claims, name)) {
    return { place: 'exact', value: claims[name], tenantId: asTenant(claims[name]) };
  }
  let value: unknown = claims;
  for (const step of name.split('.')) {
    if (!isObject(value) || !Object.hasOwn(value, step)) return undefined;
    value = value[step];
  }
  return { place: 'nested', value, tenantId: asTenant(value) };
}

/** A non-empty string, or an integer that JSON carried without loss (RFC 8259 §6). */
function asTenant(value: unknown): string | undefined {
  if (typeof value === 'string' && value !== '') return value;
  if (Number.isSafeInteger(value)) return String(value);
  return undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
