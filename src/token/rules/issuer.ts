import { failed, passed, type Rule, skipped } from './rule.js';

/** `iss` (RFC 7519 §4.1.1) is the expected text, to the letter. */
export function issuerRule(expected: string | undefined): Rule {
  return {
    name: 'issuer',
    claim: 'iss',
    options: expected === undefined ? {} : { issuer: expected },
    example: expected === undefined ? {} : { iss: expected },
    findings: ['not-configured', 'any', 'expected', 'missing', 'other'],
    judge({ iss: found }) {
      if (expected === undefined) {
        return found === undefined ? skipped('not-configured') : skipped('any', { found });
      }
      if (found === expected) return passed('expected', { expected, found });
      if (found === undefined) return failed('missing', { expected }, 'issuer');
      return failed('other', { expected, found }, 'issuer');
    },
  };
}
