import { type Finding, failed, failedBy, passed, type Rule } from './rule.js';

/** Clocks that are meant to be right are apart by no more, in seconds: as much as a tolerance may be. */
const MAX_DRIFT = 300;

/**
 * `exp` (RFC 7519 §4.1.4), where there is one, lies ahead, or less than `tolerance` seconds behind. jose checks it unasked, and
 * takes Infinity for a date.
 */
export function expiryRule(tolerance = 0): Rule {
  return {
    name: 'expiry',
    claim: 'exp',
    options: tolerance === 0 ? {} : { clockTolerance: tolerance },
    mayRefuse: true,
    example: {},
    findings: ['absent', 'future', 'tolerated', 'past', 'no-date'],
    judge({ exp }, now) {
      if (exp === undefined) return passed('absent');
      if (!isDate(exp)) return notADate(exp);
      if (exp > now) return passed('future', { at: exp });
      if (exp > now - tolerance) return passed('tolerated', { at: exp, tolerance });
      return failedBy('past', exp, now, 'expired', 'token_expired');
    },
  };
}

/** `nbf` (RFC 7519 §4.1.5), where there is one, has passed, or is at most `tolerance` seconds ahead. */
export function notBeforeRule(tolerance = 0): Rule {
  return {
    name: 'not-before',
    claim: 'nbf',
    options: tolerance === 0 ? {} : { clockTolerance: tolerance },
    mayRefuse: true,
    example: {},
    findings: ['absent', 'past', 'tolerated', 'drift', 'future', 'no-date'],
    judge({ nbf }, now) {
      if (nbf === undefined) return passed('absent');
      if (!isDate(nbf)) return notADate(nbf);
      if (nbf <= now) return passed('past', { at: nbf });
      if (nbf <= now + tolerance) return passed('tolerated', { at: nbf, tolerance });
      return failedBy(nbf <= now + MAX_DRIFT ? 'drift' : 'future', nbf, now, 'not-yet-valid');
    },
  };
}

/** `iat` (RFC 7519 §4.1.6), where there is one, is a number. When that was refuses nobody. */
export const issuedAtRule: Rule = {
  name: 'issued-at',
  claim: 'iat',
  options: {},
  mayRefuse: true,
  example: {},
  findings: ['past', 'ahead', 'no-date'],
  judge({ iat }, now) {
    if (iat === undefined) return undefined;
    if (typeof iat !== 'number') return notADate(iat);
    if (!Number.isFinite(iat)) return undefined;
    return iat > now
      ? passed('ahead', { at: iat, seconds: Math.ceil(iat - now) })
      : passed('past', { at: iat });
  },
};

/** A number of seconds since the epoch (RFC 7519 §2, NumericDate). JSON's `1e400` is Infinity. */
function isDate(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

function notADate(found: unknown): Finding {
  return failed('no-date', { found }, 'form');
}
