import { failed, passed, type Rule } from './rule.js';

/** `typ` of the header is the expected media type, `application/` being understood (RFC 7515 §4.1.9, RFC 9068 §2.1). */
export function typeRule(expected = ''): Rule {
  return {
    name: 'type',
    claim: 'typ',
    options: expected === '' ? {} : { typ: expected },
    mayRefuse: expected !== '',
    example: {},
    findings: ['expected', 'other'],
    judge(_claims, _now, { typ: found }) {
      if (expected === '') return undefined;
      return mediaType(found) === mediaType(expected)
        ? passed('expected', { found })
        : failed('other', { found: found ?? '', expected }, 'type');
    },
  };
}

function mediaType(type: unknown): string | undefined {
  if (typeof type !== 'string') return undefined;
  const name = type.toLowerCase();
  return name.includes('/') ? name : `application/${name}`;
}
