import type { Identity } from '../token/identity.js';
import { BySelector } from './by-selector.js';
import {
  isRestoration,
  type Restoration,
  type Revocation,
  type RevocationEntry,
  selectorIn,
} from './revocation.js';
import type { TokenSelector } from './selector.js';

/** Revocations that a listener keeps at most, with those that were taken back and are remembered. */
export const MAX_REVOCATIONS = 100_000;

/** There is no room for one more. */
export class RevocationsFull extends Error {
  readonly code = 'revocations-full' as const;

  constructor() {
    super('revocations-full');
    this.name = 'RevocationsFull';
  }
}

export interface RevocationSetOptions {
  /** Milliseconds since the epoch. */
  now?(): number;
  /** Whether others have the same revocations: what was taken back is remembered, because they may tell of it late. */
  readonly areShared?: boolean;
}

/** Told of an entry, and whether it is there from now on. */
export type EntryObserver = (entry: RevocationEntry, isThere: boolean) => void;

/**
 * What is revoked, and where that is shared what was taken back. All that hear the same end with the same, in whatever order
 * and however often they hear it: of revocations for the same tokens the latest counts, and the longest; of these and what
 * takes them back the later.
 */
export class RevocationSet {
  readonly #now: () => number;
  readonly #areShared: boolean;
  readonly #observers = new Set<EntryObserver>();
  readonly #revoked: BySelector<Revocation>;
  readonly #restored: BySelector<Restoration>;

  constructor({ now = Date.now, areShared = false }: RevocationSetOptions = {}) {
    this.#now = now;
    this.#areShared = areShared;
    const changed: EntryObserver = (...change) => {
      for (const observer of this.#observers) observer(...change);
    };
    this.#revoked = new BySelector<Revocation>(changed);
    this.#restored = new BySelector<Restoration>(changed);
  }

  /** Tells of each entry that comes or goes from now on; one that changes goes, and another comes. */
  observe(observer: EntryObserver): void {
    this.#observers.add(observer);
  }

  isRevoked(identity: Identity): boolean {
    if (this.#revoked.size === 0) return false;
    const now = this.#now();
    const { iat } = identity.claims;
    for (const { until, before, jti } of this.#revoked.meaning(identity)) {
      const isLater = typeof iat === 'number' && iat * 1000 > before;
      if (until > now && (jti !== undefined || !isLater)) return true;
    }
    return false;
  }

  /**
   * From now on refuses the tokens that were issued until now; with a `jti` that one, whenever it was issued.
   * @param seconds how long
   * @throws RevocationsFull
   */
  add(selector: TokenSelector, seconds: number): Revocation {
    const now = this.#now();
    const known = this.#revoked.find(selector);
    if (known === undefined && !this.#hasRoom()) throw new RevocationsFull();
    // the clock of whoever took it back may be ahead
    const before = Math.max(now, known?.before ?? 0, this.#restored.find(selector)?.restored ?? 0);
    const until = Math.max(now + seconds * 1000, known?.until ?? 0); // never less than what was promised
    const revocation = { ...selector, before, until };
    this.#revoked.put(revocation);
    return revocation;
  }

  /** What takes back a revocation for exactly these tokens, from now on; nothing has changed yet. */
  restoration(selector: TokenSelector): Restoration {
    const now = this.#now();
    const known = this.#revoked.find(selector);
    return { ...selector, restored: Math.max(now, (known?.before ?? 0) + 1), until: known?.until ?? now };
  }

  /**
   * Takes what was made here or elsewhere. There has to be room for it.
   * @returns whether something is revoked, or good, that was not before
   */
  take(entry: RevocationEntry): boolean {
    return isRestoration(entry) ? this.#takeBack(entry) : this.#revoke(entry);
  }

  /** Those in force, the oldest first. */
  list(): readonly Revocation[] {
    this.#revoked.dropEnded(this.#now());
    return this.#revoked.all().sort((one, other) => one.before - other.before);
  }

  /** All that is remembered: first what was taken back, so that nobody who reads it takes more for revoked. */
  entries(): readonly RevocationEntry[] {
    for (const kept of [this.#restored, this.#revoked]) kept.dropEnded(this.#now());
    return [...this.#restored.all(), ...this.#revoked.all()];
  }

  /** What is remembered for exactly these tokens, in the order of `entries`. */
  entriesFor(selector: TokenSelector): readonly RevocationEntry[] {
    return [this.#restored.find(selector), this.#revoked.find(selector)].filter(
      (entry) => entry !== undefined,
    );
  }

  #revoke(entry: Revocation): boolean {
    const known = this.#revoked.find(entry);
    const restored = this.#restored.find(entry)?.restored ?? 0;
    if (entry.until <= this.#now() || restored > entry.before) return false;
    if (known === undefined && !this.#hasRoom()) return false;
    const before = Math.max(entry.before, known?.before ?? 0);
    const until = Math.max(entry.until, known?.until ?? 0);
    if (before === known?.before && until === known.until) return false;
    this.#revoked.put({ ...selectorIn(entry), before, until });
    return true;
  }

  #takeBack(entry: Restoration): boolean {
    const now = this.#now();
    const revoked = this.#revoked.find(entry);
    const isTaken = revoked !== undefined && revoked.before < entry.restored;
    if (isTaken) this.#revoked.delete(revoked);
    if (this.#areShared) this.#remember(entry, isTaken ? revoked.until : 0, now);
    return isTaken && revoked.until > now;
  }

  #remember(entry: Restoration, takenUntil: number, now: number): void {
    const known = this.#restored.find(entry);
    const restored = Math.max(entry.restored, known?.restored ?? 0);
    const until = Math.max(entry.until, takenUntil, known?.until ?? 0);
    if (until <= now || (restored === known?.restored && until === known.until)) return;
    if (known === undefined && !this.#hasRoom()) return; // a revocation that comes late stays in force
    this.#restored.put({ ...selectorIn(entry), restored, until });
  }

  #hasRoom(): boolean {
    const isFull = () => this.#revoked.size + this.#restored.size >= MAX_REVOCATIONS;
    if (!isFull()) return true;
    this.#revoked.dropEnded(this.#now());
    this.#restored.dropEnded(this.#now());
    return !isFull();
  }
}
