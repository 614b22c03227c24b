import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { SessionIds } from '../sessions/session-id.js';
import { type ClusterKeys, mac } from './keys.js';

const INSTANCE_BYTES = 8;
const RANDOM_BYTES = 16;
const MAC_BYTES = 16;
const ID_BYTES = INSTANCE_BYTES + RANDOM_BYTES + MAC_BYTES;

/** The name of an instance, as its session ids hold it: new for each run, and no other has it. */
export function newInstance(): string {
  return randomBytes(INSTANCE_BYTES).toString('base64url');
}

/**
 * Session ids that every member of a cluster can check, and that say where their peer is:
 * `base64url(instance || random || HMAC-SHA-256(key, instance || random || JSON(tenant)))`, of 8, 16 and 16 bytes.
 */
export function clusterSessionIds({ sessions: key }: ClusterKeys, instance: string): SessionIds {
  const own = Buffer.from(instance, 'base64url');
  return {
    issue: (tenantId) => {
      const name = Buffer.concat([own, randomBytes(RANDOM_BYTES)]);
      return Buffer.concat([name, proof(key, name, tenantId)]).toString('base64url');
    },
    proves: (id, tenantId) => {
      const bytes = bytesOf(id);
      if (bytes === undefined) return false;
      const end = INSTANCE_BYTES + RANDOM_BYTES;
      return timingSafeEqual(bytes.subarray(end), proof(key, bytes.subarray(0, end), tenantId));
    },
  };
}

/** The instance that a session id names, whether it is genuine or not; undefined where it is no id of a cluster's. */
export function instanceOf(id: string): string | undefined {
  return bytesOf(id)?.subarray(0, INSTANCE_BYTES).toString('base64url');
}

/** Of one spelling only: an id is also a key of a registry. */
function bytesOf(id: string): Buffer | undefined {
  const bytes = Buffer.from(id, 'base64url');
  return bytes.length === ID_BYTES && bytes.toString('base64url') === id ? bytes : undefined;
}

/** JSON keeps null apart from the tenant called "null", and escapes what UTF-8 cannot hold. */
function proof(key: Buffer, name: Buffer, tenantId: string | null): Buffer {
  return mac(key, Buffer.concat([name, Buffer.from(JSON.stringify(tenantId))]), MAC_BYTES);
}
