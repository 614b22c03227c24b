import { type Claims, failed, passed, type Rule } from './rule.js';

/** `typ` of the header is the expected media type, `application/` being understood (RFC 7515 §4.1.9, RFC 9068 §2.1). */
export function typeRule(expected = ''): Rule {
  return {
    name: 'type',
    claim: 'typ',
    options: expected === '' ? {} : { typ: expected },
    mayRefuse: expected !== '',
    example: {},
    findings: ['expected', 'other', 'id-token'],
    judge(claims, _now, { typ: found }) {
      if (expected === '') return undefined;
      if (mediaType(found) === mediaType(expected)) return passed('expected', { found });
      const finding = isIdToken(claims, found) ? 'id-token' : 'other';
      return failed(finding, { found: found ?? '', expected }, 'type');
    },
  };
}

/**
 * What only ID tokens have (OpenID Connect Core 1.0 §2, §3.3.2.11); Keycloak calls them so, and has a nonce in other tokens,
 * too.
 */
function isIdToken(claims: Claims, type: unknown): boolean {
  const hasOne = (...names: readonly string[]) => names.some((name) => Object.hasOwn(claims, name));
  if (type === 'ID' || hasOne('at_hash', 'c_hash')) return true;
  return hasOne('nonce') && !hasOne('scope', 'scp', 'client_id');
}

function mediaType(type: unknown): string | undefined {
  if (typeof type !== 'string') return undefined;
  const name = type.toLowerCase();
  return name.includes('/') ? name : `application/${name}`;
}
