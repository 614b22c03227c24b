import { createHmac, hkdfSync } from 'node:crypto';

/** Names what keys are made for, so that the same secret elsewhere makes others. */
const SALT = 'websocket-plus cluster 1';

const KEY_BYTES = 32;

/** What a key to seal with is made for, and the number of the first and only block (RFC 5869 §2.3). */
const SEAL = Buffer.from('seal\x01');

/** What the members of a cluster know, and nobody else. */
export interface ClusterKeys {
  /** Of the names in topics. */
  readonly topics: Buffer;
  /** Of session ids. */
  readonly sessions: Buffer;
  /** Of the mark that a genuine epoch carries. */
  readonly epochs: Buffer;
  /** The key of all that is sealed in one epoch. Cheap: strangers can have us derive one for each message that they repeat. */
  sealing(epoch: Buffer): Buffer;
}

/**
 * Derives the keys of a cluster from its secret, by HKDF with SHA-256 (RFC 5869).
 * @param secret of 32 bytes or more in UTF-8; white space around it is dropped
 */
export function clusterKeys(secret: string): ClusterKeys {
  const input = Buffer.from(secret.trim());
  const derive = (purpose: string) => Buffer.from(hkdfSync('sha256', input, SALT, purpose, KEY_BYTES));
  const seals = derive('seals');
  return {
    topics: derive('topics'),
    sessions: derive('sessions'),
    epochs: derive('epochs'),
    // the second half of HKDF alone, which is one HMAC: nothing is left to extract from a key (RFC 5869 §3.3)
    sealing: (epoch) => mac(seals, Buffer.concat([epoch, SEAL]), KEY_BYTES),
  };
}

/** HMAC-SHA-256, cut to so many bytes (RFC 2104 §5). */
export function mac(key: Buffer, data: string | Buffer, bytes: number): Buffer {
  return createHmac('sha256', key).update(data).digest().subarray(0, bytes);
}
