/** Where a connection's tenant comes from. */
export type TenantSource =
  | { readonly kind: 'claim'; readonly name: string }
  | { readonly kind: 'static'; readonly tenantId: string };

/**
 * Finds the tenant that `claims` name, or undefined.
 * A claim called exactly `name` decides, also when its value is no tenant; otherwise the dots in `name` lead into
 * nested objects. Only own properties count, so that no prototype can name a tenant.
 */
export function tenantFromClaims(
  claims: Readonly<Record<string, unknown>>,
  name: string,
): string | undefined {
  if (Object.hasOwn(claims, name)) return asTenant(claims[name]);
  let value: unknown = claims;
  for (const step of name.split('.')) {
    if (!isObject(value) || !Object.hasOwn(value, step)) return undefined;
    value = value[step];
  }
  return asTenant(value);
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
