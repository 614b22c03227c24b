import { createHmac, randomFillSync, timingSafeEqual } from 'node:crypto';

const RANDOM_BYTES = 16;
const MAC_BYTES = 16;

/** Makes session ids, and knows its own again. */
export interface SessionIds {
  /** The id of a new connection: unguessable, unique, and proof of the tenant it was issued to. */
  issue(tenantId: string | null): string;
  /** Whether `id` was issued, with the same key, to a connection of `tenantId`. */
  proves(id: string, tenantId: string | null): boolean;
}

/**
 * Session ids that need no table of closed sessions: `base64url(random || HMAC-SHA-256(key, random || JSON(tenant)))`,
 * each half cut to 16 bytes (RFC 2104 §5).
 * @param key secret, of 32 random bytes; listeners that share it believe each other's ids
 */
export function createSessionIds(key: Buffer): SessionIds {
  const nextRandom = createRandomPool();
  return {
    issue: (tenantId) => {
      const random = nextRandom();
      return Buffer.concat([random, mac(key, random, tenantId)]).toString('base64url');
    },
    proves: (id, tenantId) => {
      const bytes = Buffer.from(id, 'base64url');
      // one spelling only: an id is also a key of the registry
      if (bytes.length !== RANDOM_BYTES + MAC_BYTES || bytes.toString('base64url') !== id) return false;
      const random = bytes.subarray(0, RANDOM_BYTES);
      return timingSafeEqual(bytes.subarray(RANDOM_BYTES), mac(key, random, tenantId));
    },
  };
}

/** Each byte is used once; asking the system for many at a time costs less than for a few. */
function createRandomPool(): () => Buffer {
  const pool = Buffer.alloc(RANDOM_BYTES * 256);
  let used = pool.length;
  return () => {
    if (used === pool.length) {
      randomFillSync(pool);
      used = 0;
    }
    used += RANDOM_BYTES;
    return pool.subarray(used - RANDOM_BYTES, used);
  };
}

/** JSON keeps null apart from the tenant called "null", and escapes what UTF-8 cannot hold. */
function mac(key: Buffer, random: Buffer, tenantId: string | null): Buffer {
  const hmac = createHmac('sha256', key).update(random).update(JSON.stringify(tenantId));
  return hmac.digest().subarray(0, MAC_BYTES);
}
