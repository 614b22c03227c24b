import { Rejection } from '../handshake/rejection.js';
import type { RevokedTokens } from '../handshake/revocable.js';
import type { Identity } from '../token/identity.js';
import { type RevocationEntry, readEntries } from './revocation.js';
import { MAX_REVOCATIONS, RevocationSet, type RevocationSetOptions } from './revocation-set.js';

/** Where revocations outlive the process. */
export interface RevocationStore {
  /** Gives what was saved last, whatever has become of it; undefined where nothing was. */
  load(): Promise<unknown>;
  save(entries: readonly RevocationEntry[]): Promise<void>;
}

/** Which tokens a listener does not take any more, although they are good. Costs next to nothing while there are none. */
export class Revocations extends RevocationSet implements RevokedTokens {
  readonly #store: RevocationStore;
  readonly #failed: () => void;
  #loading: Promise<void> | undefined;
  #known = false;
  #lastSave: Promise<void> = Promise.resolve();
  #nextSave: Promise<void> | undefined;

  /**
   * Begins to load.
   * @param failed is called where it cannot be told what is revoked
   */
  constructor(store: RevocationStore, failed: () => void, options?: RevocationSetOptions) {
    super(options);
    this.#store = store;
    this.#failed = failed;
    this.#loading = this.#load();
    this.#loading.catch(() => {}); // whoever waits for it is told
  }

  /** Undefined once it is known what is revoked. Rejects with a Rejection: nobody can be let in, and the next who asks tries again. */
  get loading(): Promise<void> | undefined {
    if (!this.#known) this.#loading ??= this.#load();
    return this.#loading;
  }

  /** Whether it is known what is revoked. */
  get areKnown(): boolean {
    return this.#known;
  }

  /** @throws Rejection `token_revoked` */
  check(identity: Identity): void {
    if (this.isRevoked(identity)) throw new Rejection('token_revoked');
  }

  /** Resolves when what is in force now is saved; rejects where that fails. Many changes at a time make one save. */
  save(): Promise<void> {
    if (this.#nextSave === undefined) {
      this.#nextSave = this.#lastSave.then(() => {
        this.#nextSave = undefined;
        return this.#store.save(this.entries());
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
      for (const entry of readEntries(await this.#store.load(), MAX_REVOCATIONS)) this.take(entry);
      this.#known = true;
    } catch {
      this.#failed();
      throw new Rejection('unavailable');
    } finally {
      this.#loading = undefined;
    }
  }
}
