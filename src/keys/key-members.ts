import type { JWK } from 'jose';

/** Length of a coordinate, in bytes (RFC 7518 §6.2.1.2). */
const COORDINATE_BYTES: ReadonlyMap<unknown, number> = new Map([
  ['P-256', 32],
  ['P-384', 48],
  ['P-521', 66],
]);

/**
 * A key without what only looks like a member: null, and an empty `use`, `alg` or `key_ops`, as serializers write what is
 * not there. A coordinate that lost its leading zeros gets them back.
 */
export function presentMembers(key: object): JWK {
  const members = Object.entries(key)
    .map(([name, value]) => [name, name === 'key_ops' ? withoutNulls(value) : value] as const)
    .filter(([name, value]) => value !== null && !(EMPTY_IS_ABSENT.has(name) && isEmpty(value)));
  const present: Record<string, unknown> = Object.fromEntries(members);
  const length = COORDINATE_BYTES.get(present.crv);
  if (length === undefined) return present;
  return { ...present, x: fullLength(present.x, length), y: fullLength(present.y, length) } as JWK; // what they are is jose's to check
}

const EMPTY_IS_ABSENT: ReadonlySet<string> = new Set(['use', 'alg', 'key_ops']);

function isEmpty(value: unknown): boolean {
  return value === '' || (Array.isArray(value) && value.length === 0);
}

function withoutNulls(value: unknown): unknown {
  return Array.isArray(value) ? value.filter((entry) => entry !== null) : value;
}

function fullLength(coordinate: unknown, length: number): unknown {
  if (typeof coordinate !== 'string') return coordinate;
  const bytes = Buffer.from(coordinate, 'base64url');
  if (bytes.length >= length) return coordinate;
  return Buffer.concat([Buffer.alloc(length - bytes.length), bytes]).toString('base64url');
}
