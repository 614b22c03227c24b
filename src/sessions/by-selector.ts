import type { Identity } from '../token/identity.js';
import { keyFor, keyOf, shapeOf } from './revocation.js';
import type { TokenSelector } from './selector.js';

/** What is kept for some tokens, and until when: milliseconds since the epoch. */
type Entry = TokenSelector & { readonly until: number };

/** One entry for each selector; those that mean a token are found in time that does not grow with the others. */
export class BySelector<E extends Entry> {
  /** By what they look at, then by what that is. */
  readonly #byShape = new Map<number, Map<string, E>>();
  #size = 0;
  readonly #changed: (entry: E, isThere: boolean) => void;
  /** None ends before. */
  #firstEndMs = Number.POSITIVE_INFINITY;

  /** @param changed told of each entry that comes or goes */
  constructor(changed: (entry: E, isThere: boolean) => void) {
    this.#changed = changed;
  }

  get size(): number {
    return this.#size;
  }

  /** The entry for exactly these tokens. */
  find(selector: TokenSelector): E | undefined {
    return this.#byShape.get(shapeOf(selector))?.get(keyOf(selector));
  }

  /** Those that mean a token of this identity. */
  *meaning(identity: Identity): Generator<E> {
    for (const [shape, entries] of this.#byShape) {
      const key = keyFor(identity, shape);
      const entry = key === undefined ? undefined : entries.get(key);
      if (entry !== undefined) yield entry;
    }
  }

  /** Replaces the one for the same tokens. */
  put(entry: E): void {
    const shape = shapeOf(entry);
    const key = keyOf(entry);
    const entries = this.#byShape.get(shape) ?? new Map<string, E>();
    const before = entries.get(key);
    this.#byShape.set(shape, entries.set(key, entry));
    if (before === undefined) this.#size += 1;
    else this.#changed(before, false);
    this.#firstEndMs = Math.min(this.#firstEndMs, entry.until);
    this.#changed(entry, true);
  }

  delete(entry: E): void {
    const shape = shapeOf(entry);
    const entries = this.#byShape.get(shape);
    if (entries?.delete(keyOf(entry)) !== true) return;
    this.#size -= 1;
    if (entries.size === 0) this.#byShape.delete(shape);
    this.#changed(entry, false);
  }

  /** @param nowMs since the epoch */
  dropEnded(nowMs: number): void {
    if (nowMs < this.#firstEndMs) return;
    this.#firstEndMs = Number.POSITIVE_INFINITY;
    for (const entry of this.all()) {
      if (entry.until <= nowMs) this.delete(entry);
      else this.#firstEndMs = Math.min(this.#firstEndMs, entry.until);
    }
  }

  /** In no order. */
  all(): E[] {
    return [...this.#byShape.values()].flatMap((entries) => [...entries.values()]);
  }
}
