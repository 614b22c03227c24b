import type { ClaimRule } from '../../config/claim-rules.js';
import { findTenantClaim } from '../tenant.js';
import { type Claims, failed, passed, type Rule } from './rule.js';

/** Claims are what the issuer's owner demands. It is known who comes, so that the answer is 403. */
export function claimsRule(rules: readonly ClaimRule[] = []): Rule {
  return {
    name: 'claims',
    claim: undefined,
    options: {},
    mayRefuse: rules.length > 0,
    example: Object.fromEntries(rules.map((rule) => [rule.claim, exampleOf(rule)])),
    findings: ['fulfilled', 'absent', 'unfulfilled'],
    judge(claims) {
      if (rules.length === 0) return undefined;
      const broken = rules.find((rule) => !holds(rule, claims));
      if (broken === undefined) return passed('fulfilled');
      const isAbsent = findTenantClaim(claims, broken.claim) === undefined;
      return failed(isAbsent ? 'absent' : 'unfulfilled', { name: broken.claim }, 'claim', 'forbidden');
    },
  };
}

function holds({ claim, rule, value }: ClaimRule, claims: Claims): boolean {
  const found = findTenantClaim(claims, claim)?.value;
  switch (rule) {
    case 'is':
      return isWritten(found, value);
    case 'includes':
      return Array.isArray(found)
        ? found.some((one) => isWritten(one, value))
        : typeof found === 'string' && found.split(' ').includes(value);
    case 'exists':
      return !isEmpty(found);
  }
}

/** A claim of exactly the name decides, dots and all. */
function exampleOf({ rule, value }: ClaimRule): unknown {
  return { is: value, includes: [value], exists: true }[rule];
}

function isWritten(found: unknown, text: string): boolean {
  if (typeof found === 'number' || typeof found === 'boolean') return String(found) === text;
  return found === text;
}

function isEmpty(found: unknown): boolean {
  if (found === undefined || found === null || found === '') return true;
  return typeof found === 'object' && Object.keys(found).length === 0;
}
