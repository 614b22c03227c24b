import { Rejection } from '../handshake/rejection.js';
import type { RevokedTokens } from '../handshake/revocable.js';
import type { Identity } from '../token/identity.js';
import { keyFor, keyOf, type Revocation, readRevocations, shapeOf } from './revocation.js';
import type { TokenSelector } from './selector.js';

/** Revocations that a listener keeps at most. */
export const MAX_REVOCATIONS = 100_000;

/** Where revocations outlive the process. */
export interface RevocationStore {
  /** Gives what was saved last, whatever has become of it; undefined where nothing was. */
  load(): Promise<unknown>;
  save(revocations: readonly Revocation[]): Promise<void>;
}

/** There is no room for one more. */
export class RevocationsFull extends Error {
  readonly code = 'revocations-full' as const;

  constructor() {
    super('revocations-full');
    this.name = 'RevocationsFull';
  }
}

/** Which tokens a listener does not take any more, although they are good. Costs next to nothing while there are none. */
export class Revocations implements RevokedTokens {
  readonly #store: RevocationStore;
  readonly #failed: () => void;
  readonly #now: () => number;
  /** By what they look at, then by what that is. */
  readonly #byShape = new Map<number, Map<string, Revocation>>();
  #size = 0;
  #loading: Promise<void> | undefined;
  #known = false;
  #lastSave: Promise<void> = Promise.resolve();
  #nextSave: Promise<void> | undefined;

  /**
   * Begins to load.
   * @param failed is called where it cannot be told what is revoked
   */
  constructor(store: RevocationStore, failed: () => void, now: () => number = Date.now) {
    this.#store = store;
    this.#failed = failed;
    this.#now = now;
    this.#loading = this.#load();
    this.#loading.catch(() => {}); // whoever waits for it is told
  }

  /** Undefined once it is known what is revoked. Rejects with a Rejection: nobody can be let in, and the next who asks tries again. */
  get loading(): Promise<void> | undefined {
    if (!this.#known) this.#loading ??= this.#load();
    return this.#loading;
  }

  /** @throws Rejection `token_revoked` */
  check(identity: Identity): void {
    if (this.#size > 0 && this.#isRevoked(identity)) throw new Rejection('token_revoked');
  }

  /**
   * From now on refuses the tokens that were issued until now; with a `jti` that one, whenever it was issued.
   * @param seconds how long
   * @throws RevocationsFull
   */
  add(selector: TokenSelector, seconds: number): Revocation {
    const now = this.#now();
    const before = this.#find(selector);
    if (before === undefined && this.#size >= MAX_REVOCATIONS) this.#dropExpired();
    if (before === undefined && this.#size >= MAX_REVOCATIONS) throw new RevocationsFull();
    const until = Math.max(now + seconds * 1000, before?.until ?? 0); // never less than what was promised
    const revocation = { ...selector, before: now, until };
    this.#put(revocation);
    return revocation;
  }

  /** @returns whether there was one for exactly this */
  remove(selector: TokenSelector): boolean {
    const found = this.#find(selector);
    if (found === undefined) return false;
    this.#delete(found);
    return found.until > this.#now();
  }

  /** Those in force, the oldest first. */
  list(): readonly Revocation[] {
    this.#dropExpired();
    return this.#all().sort((one, other) => one.before - other.before);
  }

  /** Resolves when what is in force now is saved; rejects where that fails. Many changes at a time make one save. */
  save(): Promise<void> {
    if (this.#nextSave === undefined) {
      this.#nextSave = this.#lastSave.then(() => {
        this.#nextSave = undefined;
        return this.#store.save(this.list());
      });
      this.#lastSave = this.#nextSave.catch(() => {});
    }
    return this.#nextSave;
  }

  /** Resolves when no save is under way. */
  settled(): Promise<void> {
    return this.#lastSave;
  }

  async #load(): Promise<void> {
    try {
      for (const revocation of readRevocations(await this.#store.load(), MAX_REVOCATIONS)) {
        if (this.#find(revocation) === undefined) this.#put(revocation); // what was revoked meanwhile is newer
      }
      this.#known = true;
    } catch {
      this.#failed();
      throw new Rejection('unavailable');
    } finally {
      this.#loading = undefined;
    }
  }

  #isRevoked(identity: Identity): boolean {
    const now = this.#now();
    const { iat } = identity.claims;
    for (const [shape, revocations] of this.#byShape) {
      const key = keyFor(identity, shape);
      const revocation = key === undefined ? undefined : revocations.get(key);
      if (revocation === undefined || revocation.until <= now) continue;
      const isLater = typeof iat === 'number' && iat * 1000 > revocation.before;
      if (revocation.jti !== undefined || !isLater) return true;
    }
    return false;
  }

  #find(selector: TokenSelector): Revocation | undefined {
    return this.#byShape.get(shapeOf(selector))?.get(keyOf(selector));
  }

  #put(revocation: Revocation): void {
    const shape = shapeOf(revocation);
    const revocations = this.#byShape.get(shape) ?? new Map<string, Revocation>();
    const before = revocations.size;
    this.#byShape.set(shape, revocations.set(keyOf(revocation), revocation));
    this.#size += revocations.size - before;
  }

  #delete(revocation: Revocation): void {
    const shape = shapeOf(revocation);
    const revocations = this.#byShape.get(shape);
    if (revocations?.delete(keyOf(revocation)) === true) this.#size -= 1;
    if (revocations?.size === 0) this.#byShape.delete(shape);
  }

  #dropExpired(): void {
    const now = this.#now();
    for (const revocation of this.#all()) if (revocation.until <= now) this.#delete(revocation);
  }

  #all(): Revocation[] {
    return [...this.#byShape.values()].flatMap((revocations) => [...revocations.values()]);
  }
}
