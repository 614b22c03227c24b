import type { KeyObject } from 'node:crypto';
import type { JWTVerifyGetKey } from 'jose';
import type { KeyAtOnce } from './keys-at-once.js';

/** What a listener checks its peers with. Nothing is spelt as absence: to check nobody is a kind of its own. */
export type Keys = NoKeys | VerifyingKeys;

/** Tokens are not looked at: every peer is anonymous. */
export interface NoKeys {
  readonly kind: 'anonymous';
  close(): void;
}

/** Finds the key for a token; rejects with KeysUnavailable while there is no key at all. */
export interface FindKey extends JWTVerifyGetKey {
  /**
   * Remembers the keys of now. What it returns is asked after no signature fitted: whether there are other keys by then,
   * which are fetched first where that is due. Absent where keys never change.
   */
  readonly watch?: () => () => Promise<boolean>;
}

/** The keys that decide for one listener, with the only algorithms they are good for. */
export type VerifyingKeys = SharedSecret | KeySet;

/** A secret that is shared with whoever makes the tokens. */
export interface SharedSecret extends KeyFinder {
  readonly kind: 'secret';
  /** The same for node:crypto; several where one setting may be read in several ways. */
  readonly secrets: readonly KeyObject[];
}

/** Public keys from an endpoint. */
export interface KeySet extends KeyFinder {
  readonly kind: 'key-set';
  /**
   * The key of that id, from the keys of now; undefined where `find` has to be asked. Absent where every token is a question
   * of its own.
   */
  readonly atOnce?: (kid: string) => KeyAtOnce | undefined;
}

interface KeyFinder {
  /** RFC 8725 §3.1: what a token's header says never widens this list. */
  readonly algorithms: readonly string[];
  readonly find: FindKey;
  /** Lets go of timers and requests. */
  close(): void;
}

/** There is nothing to verify with: no key set was ever fetched. */
export class KeysUnavailable extends Error {
  constructor() {
    super('no key set has been fetched yet');
    this.name = 'KeysUnavailable';
  }
}
