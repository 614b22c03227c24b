import type { JWTVerifyOptions } from 'jose';
import type { RefusalCause, RefusalReason, TokenRefusalCode } from '../token-refused.js';

/** A claims set (RFC 7519 §4), verified or not. */
export type Claims = Readonly<Record<string, unknown>>;

/** What a rule is about. */
export const RULE_NAMES = [
  'issuer',
  'audience',
  'issued-at',
  'not-before',
  'expiry',
  'lifetime',
  'type',
  'tenant',
  'tenants',
  'claims',
] as const;

export type RuleName = (typeof RULE_NAMES)[number];

/** What was found, in one word, with the values that a text about it quotes; `at` is a time. */
export type Finding = {
  readonly finding: string;
  readonly values: Readonly<Record<string, unknown>>;
} & (
  | { readonly result: 'passed' | 'skipped' }
  /** With what it means to the peer (`code`) and to the listener's owner (`because`). */
  | { readonly result: 'failed'; readonly code: TokenRefusalCode; readonly because: RefusalReason }
);

/**
 * One thing that a token's claims must fulfil. jose checks what it can (`options`). `judge` puts the same into words, and
 * has a veto where jose knows less: a token is accepted where jose and every rule agree.
 */
export interface Rule {
  readonly name: RuleName;
  /** The claim by which an error of jose's is known to be about this rule. */
  readonly claim: string | undefined;
  /** What jose is told to check. */
  readonly options: Pick<
    JWTVerifyOptions,
    'issuer' | 'audience' | 'clockTolerance' | 'requiredClaims' | 'typ'
  >;
  /** Whether any token could break it: a rule without an expectation has words for a trial, and a handshake need not ask it. */
  readonly mayRefuse: boolean;
  /** Claims that fulfil it, for a token that is made to be tried. */
  readonly example: Claims;
  /** Every word that `judge` may find. */
  readonly findings: readonly string[];
  /** @param now seconds since the epoch. Returns undefined where there is nothing to say. */
  judge(claims: Claims, now: number, header: Claims): Finding | undefined;
}

export function passed(finding: string, values: Finding['values'] = {}): Finding {
  return { result: 'passed', finding, values };
}

export function skipped(finding: string, values: Finding['values'] = {}): Finding {
  return { result: 'skipped', finding, values };
}

export function failed(
  finding: string,
  values: Finding['values'],
  cause: RefusalCause,
  code: TokenRefusalCode = 'token_invalid',
): Finding {
  return { result: 'failed', finding, values, code, because: { cause } };
}

/** What a date that is past, or yet to come, leads to. Both times are in seconds since the epoch. */
export function failedBy(
  finding: string,
  at: number,
  now: number,
  cause: RefusalCause,
  code: TokenRefusalCode = 'token_invalid',
): Finding {
  const seconds = Math.ceil(Math.abs(at - now));
  return { result: 'failed', finding, values: { at, seconds }, code, because: { cause, seconds } };
}
