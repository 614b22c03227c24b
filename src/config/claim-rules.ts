import { ConfigurationError } from './codes.js';

/** What one claim has to be. */
export const CLAIM_RULES = ['is', 'includes', 'exists'] as const;

export interface ClaimRule {
  /** Found as the claim of a tenant is. */
  readonly claim: string;
  /**
   * `is`: the value, written as text. `includes`: a list has it, or a text has it among its words. `exists`: anything but
   * null and what is empty.
   */
  readonly rule: (typeof CLAIM_RULES)[number];
  /** Of no meaning for `exists`. */
  readonly value: string;
}

/**
 * Reads the rules for claims as the editor's list stores them: `{claim, rule, value}`.
 * @throws ConfigurationError `claims`: a rule that says nothing must not look as if it did
 */
export function readClaimRules(entries: readonly unknown[]): readonly ClaimRule[] {
  return entries.map((entry) => {
    const { claim, rule, value = '' } = Object(entry) as Readonly<Record<string, unknown>>;
    const name = typeof claim === 'string' ? claim.trim() : '';
    const kind = CLAIM_RULES.find((one) => one === rule);
    const text = typeof value === 'number' || typeof value === 'boolean' ? String(value) : value;
    if (name === '' || kind === undefined || typeof text !== 'string') throw new ConfigurationError('claims');
    if (kind !== 'exists' && text.trim() === '') throw new ConfigurationError('claims');
    return { claim: name, rule: kind, value: text.trim() };
  });
}
