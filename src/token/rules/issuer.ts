import { issuerFor } from '../../config/issuer-template.js';
import { failed, passed, type Rule, skipped } from './rule.js';

/**
 * `iss` (RFC 7519 §4.1.1) is the expected text, to the letter; of a template, the text that the other claims make of it.
 * jose knows of no templates.
 */
export function issuerRule(literal: string | undefined, template?: string): Rule {
  return {
    name: 'issuer',
    claim: 'iss',
    options: literal === undefined ? {} : { issuer: literal },
    mayRefuse: (literal ?? template) !== undefined,
    example: literal === undefined ? {} : { iss: literal },
    findings: ['not-configured', 'any', 'expected', 'missing', 'slash', 'other'],
    judge(claims) {
      const { iss: found } = claims;
      const accepted = template === undefined ? literal : issuerFor(template, claims);
      const expected = accepted ?? template;
      if (expected === undefined) {
        return found === undefined ? skipped('not-configured') : skipped('any', { found });
      }
      if (accepted !== undefined && found === accepted) return passed('expected', { expected, found });
      if (found === undefined) return failed('missing', { expected }, 'issuer');
      if (withoutSlash(found) === withoutSlash(expected))
        return failed('slash', { expected, found }, 'issuer');
      return failed('other', { expected, found }, 'issuer');
    },
  };
}

/** An issuer with or without the slash at its end, which many confuse. */
export function withoutSlash(value: unknown): unknown {
  return typeof value === 'string' ? value.replace(/\/$/, '') : value;
}
