import { createHash } from 'node:crypto';

/** Most messages of the old connection that are remembered; the oldest are forgotten first. */
const MAX_REMEMBERED = 10_000;

/**
 * Keeps a message from being delivered twice while two connections overlap: what a server sends to everybody comes on both.
 * What has come on the old one since the new one was asked for is remembered by a digest. The new one is read only when the
 * old one has ended, and gives the same messages in the same order, but for those that were for one of them alone.
 */
export class Overlap {
  #digests: string[] = [];

  /** The old connection has delivered this. */
  delivered(data: Buffer, isBinary: boolean): void {
    this.#digests.push(digest(data, isBinary));
    if (this.#digests.length > MAX_REMEMBERED) this.#digests.shift();
  }

  /** Whether the message of the new connection is one that the old one has delivered. */
  repeats(data: Buffer, isBinary: boolean): boolean {
    if (this.#digests.length === 0) return false;
    const at = this.#digests.indexOf(digest(data, isBinary));
    // those before it were for the old connection alone
    if (at !== -1) this.#digests.splice(0, at + 1);
    return at !== -1;
  }
}

function digest(data: Buffer, isBinary: boolean): string {
  return createHash('sha256')
    .update(isBinary ? 'b' : 't')
    .update(data)
    .digest('base64');
}
