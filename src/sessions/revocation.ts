import type { Identity } from '../token/identity.js';
import type { TokenSelector } from './selector.js';

/** Tokens that are not taken any more. Times in milliseconds since the epoch. */
export interface Revocation extends TokenSelector {
  /** Tokens that were issued later are good, unless it is about a `jti`. */
  readonly before: number;
  /** When it ends. */
  readonly until: number;
}

/** Which members a selector has, one bit for each. */
const SUBJECT = 1;
const TENANT = 2;
const JTI = 4;

/** What a revocation looks at. */
export function shapeOf({ subject, tenantId, jti }: TokenSelector): number {
  return (
    (subject === undefined ? 0 : SUBJECT) |
    (tenantId === undefined ? 0 : TENANT) |
    (jti === undefined ? 0 : JTI)
  );
}

/** The same for selectors of one shape that mean the same tokens, and for no others. */
export function keyOf({ subject, tenantId, jti }: TokenSelector): string {
  // JSON keeps null apart from the tenant called "null", and one name from the next
  return JSON.stringify([subject ?? null, tenantId ?? null, jti ?? null]);
}

/** The key of the revocation of that shape which would mean this token; undefined: none could. */
export function keyFor({ subject, tenantId, claims }: Identity, shape: number): string | undefined {
  const { jti } = claims;
  const looksAt = (bit: number) => (shape & bit) !== 0;
  if (looksAt(SUBJECT) && subject === undefined) return undefined;
  if (looksAt(JTI) && typeof jti !== 'string') return undefined;
  return JSON.stringify([
    looksAt(SUBJECT) ? subject : null,
    looksAt(TENANT) ? tenantId : null,
    looksAt(JTI) ? jti : null,
  ]);
}

/** Reads what a store has kept, at most so many; what is no revocation is left out. */
export function readRevocations(stored: unknown, max: number): readonly Revocation[] {
  return Array.isArray(stored) ? stored.flatMap(readRevocation).slice(0, max) : [];
}

function readRevocation(stored: unknown): readonly Revocation[] {
  const { subject, tenantId, jti, before, until } = Object(stored) as Readonly<Record<string, unknown>>;
  if (typeof before !== 'number' || typeof until !== 'number') return [];
  if (!isTextOrAbsent(subject) || !isTextOrAbsent(jti)) return [];
  if (tenantId !== null && !isTextOrAbsent(tenantId)) return [];
  const selector: TokenSelector = {
    ...(subject === undefined ? {} : { subject }),
    ...(tenantId === undefined ? {} : { tenantId }),
    ...(jti === undefined ? {} : { jti }),
  };
  return shapeOf(selector) === 0 ? [] : [{ ...selector, before, until }];
}

function isTextOrAbsent(value: unknown): value is string | undefined {
  return value === undefined || typeof value === 'string';
}
