import { ControlError } from '../endpoint/control.js';
import type { Connection } from '../sessions/connection.js';
import { CLOSE } from '../sessions/endings.js';
import type { Connected } from '../sessions/registry.js';
import {
  isPlausible,
  isRestoration,
  type Restoration,
  type Revocation,
  type RevocationEntry,
  readEntries,
} from '../sessions/revocation.js';
import { type EntryObserver, RevocationsFull } from '../sessions/revocation-set.js';
import type { Revocations } from '../sessions/revocations.js';
import { select, type TokenSelector } from '../sessions/selector.js';

/** How long what others tell is collected before connections are looked through and all is saved, in milliseconds. */
const COLLECT_MS = 50;

/** Entries in one message of another instance. */
const MAX_AT_ONCE = 500;

/** Revokes tokens, for a flow and for other instances, and ends the connections that have them. */
export class Revoking {
  readonly #revocations: Revocations;
  readonly #connected: Connected;
  readonly #areTokensAsked: boolean;
  #timer: NodeJS.Timeout | undefined;

  /** @param areTokensAsked false: nobody is asked for a token, so that none could be refused */
  constructor(revocations: Revocations, connected: Connected, areTokensAsked: boolean) {
    this.#revocations = revocations;
    this.#connected = connected;
    this.#areTokensAsked = areTokensAsked;
  }

  get areKnown(): boolean {
    return this.#revocations.areKnown;
  }

  observe(observer: EntryObserver): void {
    this.#revocations.observe(observer);
  }

  entries(): readonly RevocationEntry[] {
    return this.#revocations.entries();
  }

  /** What is remembered of exactly these tokens. */
  entriesFor(tokens: TokenSelector): readonly RevocationEntry[] {
    return this.#revocations.entriesFor(tokens);
  }

  /** Resolves once it is known what is revoked. Rejects with a ControlError where that cannot be told, or nothing be revoked. */
  async ready(): Promise<void> {
    if (!this.#areTokensAsked) throw new ControlError('control-unsupported');
    try {
      await this.#revocations.loading;
    } catch (cause) {
      throw new ControlError('revocations-failed', { cause });
    }
  }

  /** @throws ControlError */
  revoke(tokens: TokenSelector, seconds: number): { readonly until: number; readonly disconnected: number } {
    const { until } = this.#add(tokens, seconds);
    const open = select(this.#connected, { kind: 'matching', ...tokens });
    return { until, disconnected: end(open.filter(({ closing }) => !closing)) };
  }

  /** @returns what takes it back everywhere, and whether it was revoked here */
  restore(tokens: TokenSelector): { readonly entry: Restoration; readonly isRestored: boolean } {
    const entry = this.#revocations.restoration(tokens);
    return { entry, isRestored: this.#revocations.take(entry) };
  }

  list(): readonly Revocation[] {
    return this.#revocations.list();
  }

  /** Rejects with a ControlError. */
  async save(): Promise<void> {
    try {
      await this.#revocations.save();
    } catch (cause) {
      throw new ControlError('control-not-saved', { cause });
    }
  }

  /**
   * Does what a flow on another instance has done: at once, also while it is not known yet what else is revoked.
   * @returns how many connections it has ended, and whether something is good again. Rejects where it will not last.
   */
  async follow(told: unknown): Promise<{ readonly disconnected: number; readonly isRestored: boolean }> {
    const entries = usable(told);
    const takeBack = () =>
      entries.filter((entry) => isRestoration(entry) && this.#revocations.take(entry)).length;
    let restored = takeBack();
    let disconnected = 0;
    for (const entry of entries) if (!isRestoration(entry)) disconnected += this.#follow(entry);
    await this.ready();
    restored += takeBack(); // what the store remembers, too
    await this.#revocations.save().catch(() => {}); // it is in force, and whoever made it has saved it
    return { disconnected, isRestored: restored > 0 };
  }

  /** Takes what another instance has, as far as it is usable. */
  learn(told: readonly unknown[]): void {
    for (const entry of usable(told)) this.#revocations.take(entry);
    this.#timer ??= setTimeout(() => this.#settle(), COLLECT_MS);
  }

  /** Does at once what was put off. */
  close(): void {
    if (this.#timer !== undefined) this.#settle();
  }

  #settle(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#endRevoked([...this.#connected.all()]);
    this.#revocations.save().catch(() => {}); // the others have it
  }

  /** @throws RevocationsFull */
  #follow(revocation: Revocation): number {
    const { before, until, ...tokens } = revocation;
    this.#revocations.take(revocation);
    if (this.#revocations.entriesFor(tokens).length === 0 && until > Date.now()) throw new RevocationsFull();
    return this.#endRevoked(select(this.#connected, { kind: 'matching', ...tokens }));
  }

  /** Not those of a newer token: the news may have been long on its way. */
  #endRevoked(connections: readonly Connection[]): number {
    return end(
      connections.filter(({ closing, identity }) => !closing && this.#revocations.isRevoked(identity)),
    );
  }

  #add(tokens: TokenSelector, seconds: number): Revocation {
    try {
      return this.#revocations.add(tokens, seconds);
    } catch (cause) {
      if (cause instanceof RevocationsFull) throw new ControlError(cause.code, { cause });
      throw cause;
    }
  }
}

function end(connections: readonly Connection[]): number {
  for (const connection of connections) connection.close(CLOSE.tokenRevoked);
  return connections.length;
}

function usable(told: unknown): readonly RevocationEntry[] {
  return readEntries(told, MAX_AT_ONCE).filter((entry) => isPlausible(entry, Date.now()));
}
