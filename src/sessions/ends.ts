/** Ends of pages that are remembered: so many readers may be under way at a time. */
const MAX_ENDS = 256;

/** Where pages have ended, by the session id of the connection there: it may be gone when the next page is asked for. */
export class Ends<Where> {
  readonly #ends = new Map<string, Where>();

  get(id: string): Where | undefined {
    return this.#ends.get(id);
  }

  remember(id: string, where: Where): void {
    this.#ends.delete(id); // it becomes the newest
    this.#ends.set(id, where);
    const [oldest] = this.#ends.keys();
    if (this.#ends.size > MAX_ENDS && oldest !== undefined) this.#ends.delete(oldest);
  }
}
