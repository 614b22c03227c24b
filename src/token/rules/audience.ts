import { audiencesOf } from '../../config/audience.js';
import { failed, passed, type Rule, skipped } from './rule.js';

/** `aud` (RFC 7519 §4.1.3) is one of the expected texts, or a list that has one. */
export function audienceRule(expected: string | readonly string[] | undefined): Rule {
  const accepted = typeof expected === 'string' ? audiencesOf(expected) : (expected ?? []);
  return {
    name: 'audience',
    claim: 'aud',
    options: expected === undefined ? {} : { audience: [...accepted] },
    mayRefuse: expected !== undefined,
    example: expected === undefined ? {} : { aud: accepted[0] },
    findings: ['not-configured', 'any', 'expected', 'missing', 'other'],
    judge({ aud: found }) {
      if (expected === undefined) {
        return found === undefined ? skipped('not-configured') : skipped('any', { found });
      }
      const isMeant = [found].flat().some((one) => accepted.some((text) => text === one));
      if (isMeant) return passed('expected', { expected, found });
      if (found === undefined) return failed('missing', { expected }, 'audience');
      return failed('other', { expected, found }, 'audience');
    },
  };
}
