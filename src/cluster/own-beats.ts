/** Heartbeats that may come back: a slow broker is no broken one. */
const REMEMBERED = 4;

/** Our latest heartbeats on one connection, as they were sent. */
export class OwnBeats {
  readonly #sent: Buffer[] = [];

  sent(sealed: Buffer): void {
    this.#sent.push(sealed);
    if (this.#sent.length > REMEMBERED) this.#sent.shift();
  }

  /** Whether this is one of them, for the first time. Not any message of ours: somebody may send us an old one. */
  isBack(sealed: Buffer): boolean {
    const at = this.#sent.findIndex((beat) => beat.equals(sealed));
    this.#sent.splice(0, at + 1);
    return at !== -1;
  }

  clear(): void {
    this.#sent.length = 0;
  }
}
