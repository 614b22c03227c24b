import type { RejectionCode } from '../handshake/rejection.js';
import type { KeyProblem } from '../keys/key-problem.js';
import type { RuleName } from '../token/rules/rule.js';
import type { RefusalReason } from '../token/token-refused.js';

/** What a listener would do with one token, and why. Times are in seconds since the epoch. */
export interface Trial {
  readonly verdict: Verdict;
  /** The time that dates were judged by. */
  readonly at: number;
  /** In the order of a handshake; empty where no token is looked at. */
  readonly checks: readonly Check[];
  /** Absent where they cannot be read, or no token is looked at. */
  readonly content?: TokenContent;
  /** Where keys come from an endpoint; of an issuer, where they cannot be fetched. */
  readonly keySet?: KeySet;
}

/** What refuses a request: the handshake, or Node itself, which reads no head past its limit and says so with 431. */
export type TrialCode = RejectionCode | 'head_too_large';

/** The handshake's own answer; a session's id is a placeholder, since every connection gets a new one. */
export type Verdict =
  | { readonly kind: 'accepted'; readonly session: Readonly<Record<string, unknown>> }
  /** An issuer has nothing against it: what session it leads to is for a listener to say. */
  | { readonly kind: 'in-order' }
  | {
      readonly kind: 'refused';
      readonly code: TrialCode;
      readonly status: number;
      /** Told in place of the status, where the listener refuses so. */
      readonly closeCode?: number;
      /** What the peer does not learn. */
      readonly because?: RefusalReason;
    };

export type CheckName =
  | 'origin'
  | 'hook'
  | 'source'
  | 'form'
  | 'chosen'
  | 'algorithm'
  | 'signature'
  | RuleName
  | 'middleware';

/** How a check may end. */
export const RESULTS = ['passed', 'unverified', 'skipped', 'failed'] as const;

/** What a check's text quotes; `at` is a time. */
export type CheckValues = Readonly<Record<string, string | number>>;

/** One thing that a handshake looks at. */
export type Check = {
  readonly name: CheckName;
  /** What was found, in one word. */
  readonly finding: string;
  readonly values: CheckValues;
} & (
  | { readonly result: 'passed' }
  /** It would pass, but nothing vouches for what the token says. */
  | { readonly result: 'unverified' }
  | { readonly result: 'skipped' }
  /** With the refusal it leads to, where nothing before it failed. */
  | { readonly result: 'failed'; readonly code: TrialCode }
);

export interface TokenContent {
  /** False where nothing vouches for it: the signature is wrong, or was not checked. */
  readonly verified: boolean;
  readonly header: Readonly<Record<string, unknown>>;
  readonly claims: Readonly<Record<string, unknown>>;
}

export type KeySet =
  | { readonly kind: 'fetched'; readonly keys: readonly PublishedKey[] }
  /** Code and detail of a JwksError. */
  | { readonly kind: 'failed'; readonly code: string; readonly detail?: number | string };

/** A key of a JWK Set (RFC 7517 §4), as it calls itself. */
export interface PublishedKey {
  readonly kid?: string;
  readonly alg?: string;
  readonly kty?: string;
  readonly use?: string;
  /** Why it checks no token; absent where it does. */
  readonly problem?: KeyProblem;
}

/** What a fetch of an issuer's keys has come to. */
export interface KeysFetched {
  /** Those that were asked, in this order. */
  readonly addresses: readonly string[];
  readonly keySet: KeySet;
}

/** A token that is to be made. */
export interface TokenWish {
  /** The `sub` claim; empty: none. */
  readonly subject: string;
  /** The tenant to name, where it is read from a claim. */
  readonly tenantId: string;
  readonly lifetimeSeconds: number;
}
