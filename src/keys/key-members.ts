import type { JWK } from 'jose';

/** Length of a coordinate on P-256, in bytes (RFC 7518 §6.2.1.2). */
const COORDINATE_BYTES = 32;

/**
 * A key without what only looks like a member: null, and an empty `use`, `alg` or `key_ops`, as serializers write what is
 * not there. A coordinate that lost its leading zeros gets them back.
 */
export function presentMembers(key: object): JWK {
  const members = Object.entries(key)
    .map(([name, value]) => [name, name === 'key_ops' ? withoutNulls(value) : value] as const)
    .filter(([name, value]) => value !== null && !(EMPTY_IS_ABSENT.has(name) && isEmpty(value)));
  const present: Record<string, unknown> = Object.fromEntries(members);
  if (present.crv !== 'P-256') return present;
  return { ...present, x: fullLength(present.x), y: fullLength(present.y) } as JWK; // what they are is jose's to check
}

const EMPTY_IS_ABSENT: ReadonlySet<string> = new Set(['use', 'alg', 'key_ops']);

function isEmpty(value: unknown): boolean {
  return value === '' || (Array.isArray(value) && value.length === 0);
}

function withoutNulls(value: unknown): unknown {
  return Array.isArray(value) ? value.filter((entry) => entry !== null) : value;
}

function fullLength(coordinate: unknown): unknown {
  if (typeof coordinate !== 'string') return coordinate;
  const bytes = Buffer.from(coordinate, 'base64url');
  if (bytes.length >= COORDINATE_BYTES) return coordinate;
  return Buffer.concat([Buffer.alloc(COORDINATE_BYTES - bytes.length), bytes]).toString('base64url');
}
