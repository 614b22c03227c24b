import { createHmac, hkdfSync } from 'node:crypto';

/** Names what keys are made for, so that the same secret elsewhere makes others. */
const SALT = 'websocket-plus cluster 1';

const KEY_BYTES = 32;

/** What the members of a cluster know, and nobody else. */
export interface ClusterKeys {
  /** Of the names in topics. */
  readonly topics: Buffer;
  /** Of session ids. */
  readonly sessions: Buffer;
  /** Of the mark that a genuine epoch carries. */
  readonly epochs: Buffer;
  /** The key of all that is sealed in one epoch. */
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
    sealing: (epoch) => Buffer.from(hkdfSync('sha256', seals, epoch, 'seal', KEY_BYTES)),
  };
}

/** HMAC-SHA-256, cut to so many bytes (RFC 2104 §5). */
export function mac(key: Buffer, data: string | Buffer, bytes: number): Buffer {
  return createHmac('sha256', key).update(data).digest().subarray(0, bytes);
}
