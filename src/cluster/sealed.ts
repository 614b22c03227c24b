import { randomBytes } from 'node:crypto';
import { type ClusterKeys, mac } from './keys.js';

// A sealed message: version 1 | epoch 16 | sequence 8 | time 8 | body, AES-256-GCM | tag 16. Numbers are big-endian.

export const SEALED_VERSION = 1;
export const HEADER_BYTES = 33;
export const TAG_BYTES = 16;
export const CIPHER = 'aes-256-gcm';

const EPOCH_BYTES = 16;
const EPOCH_MARK_BYTES = 4;
const EPOCH_AT = 1;
const SEQUENCE_AT = EPOCH_AT + EPOCH_BYTES;
const TIME_AT = SEQUENCE_AT + 8;

/** What stands in front of a sealed body; not secret, but part of what the tag covers. */
export interface SealedHeader {
  /** One for each connection of each sender: with the sequence number it makes a nonce that never comes again. */
  readonly epoch: Buffer;
  readonly sequence: number;
  /** The sender's clock, in milliseconds since the epoch of POSIX. */
  readonly sentMs: number;
}

/**
 * A new epoch: random, with a mark of four bytes that only members can make. Strangers cannot have us derive a key for
 * each number they think of.
 */
export function newEpoch({ epochs }: ClusterKeys): Buffer {
  const random = randomBytes(EPOCH_BYTES - EPOCH_MARK_BYTES);
  return Buffer.concat([random, mac(epochs, random, EPOCH_MARK_BYTES)]);
}

/** Whether a member made this epoch, some time. Not secret: members show it to all. */
export function isEpoch({ epochs }: ClusterKeys, epoch: Buffer): boolean {
  const random = epoch.subarray(0, EPOCH_BYTES - EPOCH_MARK_BYTES);
  return mac(epochs, random, EPOCH_MARK_BYTES).equals(epoch.subarray(random.length));
}

export function writeHeader({ epoch, sequence, sentMs }: SealedHeader): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  header[0] = SEALED_VERSION;
  epoch.copy(header, EPOCH_AT);
  header.writeBigUInt64BE(BigInt(sequence), SEQUENCE_AT);
  header.writeBigUInt64BE(BigInt(sentMs), TIME_AT);
  return header;
}

/** Undefined where it is no sealed message, or one of numbers that no clock and no sender reaches. */
export function readHeader(sealed: Buffer): SealedHeader | undefined {
  if (sealed.length < HEADER_BYTES + TAG_BYTES || sealed[0] !== SEALED_VERSION) return undefined;
  const sequence = Number(sealed.readBigUInt64BE(SEQUENCE_AT));
  const sentMs = Number(sealed.readBigUInt64BE(TIME_AT));
  if (!Number.isSafeInteger(sequence) || !Number.isSafeInteger(sentMs)) return undefined;
  return { epoch: sealed.subarray(EPOCH_AT, SEQUENCE_AT), sequence, sentMs };
}

/** The nonce (NIST SP 800-38D §8.2.1): the sequence number, in 12 bytes. */
export function nonceOf(header: Buffer): Buffer {
  return Buffer.concat([Buffer.alloc(4), header.subarray(SEQUENCE_AT, TIME_AT)]);
}
