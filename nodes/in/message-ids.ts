import { randomFillSync } from 'node:crypto';

/** Of a message id, as Node-RED makes them: 16 hexadecimal digits. */
const ID_BYTES = 8;

const pool = Buffer.alloc(ID_BYTES * 512);
let used = pool.length;

/**
 * A new `_msgid`. Node-RED gives one to whatever has none, digit by digit; asking for many random bytes at a time costs a
 * fraction of that.
 */
export function newMessageId(): string {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += ID_BYTES;
  return pool.toString('hex', used - ID_BYTES, used);
}
