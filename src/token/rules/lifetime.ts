import { failed, passed, type Rule } from './rule.js';

interface Lifetime {
  readonly requireExpiry?: boolean | undefined;
  /** In seconds. */
  readonly maxLifetime?: number | undefined;
}

/**
 * A token ends (`exp`), and was made for no longer than it may live: since `iat`, else from now on. jose knows how old a
 * token may be, which is something else.
 */
export function lifetimeRule({ requireExpiry = false, maxLifetime }: Lifetime): Rule {
  return {
    name: 'lifetime',
    claim: 'exp',
    options: requireExpiry ? { requiredClaims: ['exp'] } : {},
    mayRefuse: requireExpiry || maxLifetime !== undefined,
    example: {},
    findings: ['within', 'endless', 'too-long'],
    judge({ exp, iat }, now) {
      if (!requireExpiry && maxLifetime === undefined) return undefined;
      if (exp === undefined) return failed('endless', {}, 'lifetime');
      if (maxLifetime === undefined || typeof exp !== 'number') return undefined;
      const seconds = exp - (typeof iat === 'number' && Number.isFinite(iat) ? iat : now);
      return seconds <= maxLifetime
        ? passed('within', { seconds, limit: maxLifetime })
        : failed('too-long', { seconds, limit: maxLifetime }, 'lifetime');
    },
  };
}
