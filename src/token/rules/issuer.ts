import { failed, passed, type Rule, skipped } from './rule.js';

/** `iss` (RFC 7519 §4.1.1) is the expected text, to the letter. */
export function issuerRule(expected: string | undefined): Rule {
  return {
    name: 'issuer',
    claim: 'iss',
    options: expected === undefined ? {} : { issuer: expected },
    example: expected === undefined ? {} : { iss: expected },
    findings: ['not-configured', 'any', 'expected', 'missing', 'slash', 'other'],
    judge({ iss: found }) {
      if (expected === undefined) {
        return found === undefined ? skipped('not-configured') : skipped('any', { found });
      }
      if (found === expected) return passed('expected', { expected, found });
      if (found === undefined) return failed('missing', { expected }, 'issuer');
      if (withoutSlash(found) === withoutSlash(expected))
        return failed('slash', { expected, found }, 'issuer');
      return failed('other', { expected, found }, 'issuer');
    },
  };
}

function withoutSlash(value: unknown): unknown {
  return typeof value === 'string' ? value.replace(/\/$/, '') : value;
}
