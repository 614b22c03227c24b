import { createCipheriv } from 'node:crypto';
import type { ClusterKeys } from './keys.js';
import { CIPHER, newEpoch, nonceOf, TAG_BYTES, writeHeader } from './sealed.js';

/** Seals what one connection to the broker carries: only members can read it, and only for the topic it was sealed for. */
export class Sealer {
  readonly epoch: Buffer;
  readonly #key: Buffer;
  readonly #now: () => number;
  #sealed = 0;

  /** @param now milliseconds since the epoch of POSIX */
  constructor(keys: ClusterKeys, now: () => number) {
    this.epoch = newEpoch(keys);
    this.#key = keys.sealing(this.epoch);
    this.#now = now;
  }

  /** How many messages it has sealed. */
  get sealed(): number {
    return this.#sealed;
  }

  seal(topic: string, ...body: readonly Buffer[]): Buffer {
    const header = writeHeader({
      epoch: this.epoch,
      sequence: this.#sealed,
      sentMs: Math.max(0, Math.round(this.#now())),
    });
    this.#sealed += 1;
    const cipher = createCipheriv(CIPHER, this.#key, nonceOf(header), { authTagLength: TAG_BYTES });
    cipher.setAAD(Buffer.concat([Buffer.from(topic), header]));
    const parts = [header, ...body.map((part) => cipher.update(part)), cipher.final()];
    return Buffer.concat([...parts, cipher.getAuthTag()]);
  }
}
