import { createHmac, randomBytes, randomFillSync, timingSafeEqual } from 'node:crypto';

const RANDOM_BYTES = 16;
const MAC_BYTES = 16;

/** Lives as long as the process: an id of an earlier run proves nothing. */
const processKey = randomBytes(32);

const pool = Buffer.alloc(RANDOM_BYTES * 256);
let used = pool.length;

/**
 * Makes the id of a new connection: unguessable, unique, and proof of the tenant it was issued to, so that no table of
 * closed sessions is needed. `base64url(random || HMAC-SHA-256(process key, random || JSON(tenant)))`, RFC 2104.
 */
export function issueSessionId(tenantId: string | null): string {
  const random = nextRandom();
  return Buffer.concat([random, mac(random, tenantId)]).toString('base64url');
}

/** Whether this process issued `id` to a connection of `tenantId`. */
export function provesTenant(id: string, tenantId: string | null): boolean {
  const bytes = Buffer.from(id, 'base64url');
  // one spelling only: an id is also a key of the registry
  if (bytes.length !== RANDOM_BYTES + MAC_BYTES || bytes.toString('base64url') !== id) return false;
  const random = bytes.subarray(0, RANDOM_BYTES);
  return timingSafeEqual(bytes.subarray(RANDOM_BYTES), mac(random, tenantId));
}

/** Each byte is used once; asking the system for many at a time costs less than for a few. */
function nextRandom(): Buffer {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += RANDOM_BYTES;
  return pool.subarray(used - RANDOM_BYTES, used);
}

/** JSON keeps null apart from the tenant called "null", and escapes what UTF-8 cannot hold. */
function mac(random: Buffer, tenantId: string | null): Buffer {
  const hmac = createHmac('sha256', processKey).update(random).update(JSON.stringify(tenantId));
  return hmac.digest().subarray(0, MAC_BYTES);
}
