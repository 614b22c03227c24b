import { failed, passed, type Rule, skipped } from './rule.js';

/** `aud` (RFC 7519 §4.1.3) is the expected text, or a list that has it. */
export function audienceRule(expected: string | undefined): Rule {
  return {
    name: 'audience',
    claim: 'aud',
    options: expected === undefined ? {} : { audience: expected },
    example: expected === undefined ? {} : { aud: expected },
    findings: ['not-configured', 'any', 'expected', 'missing', 'other'],
    judge({ aud: found }) {
      if (expected === undefined) {
        return found === undefined ? skipped('not-configured') : skipped('any', { found });
      }
      const isMeant = Array.isArray(found) ? found.includes(expected) : found === expected;
      if (isMeant) return passed('expected', { expected, found });
      if (found === undefined) return failed('missing', { expected }, 'audience');
      return failed('other', { expected, found }, 'audience');
    },
  };
}
