import type { Identity } from '../token/identity.js';
import type { TokenSelector } from './selector.js';

/** Tokens that are not taken any more. Times in milliseconds since the epoch. */
export interface Revocation extends TokenSelector {
  /** Tokens that were issued later are good, unless it is about a `jti`. */
  readonly before: number;
  /** When it ends. */
  readonly until: number;
}

/** That revocations were taken back, which counts for those that come late, too. Times in milliseconds since the epoch. */
export interface Restoration extends TokenSelector {
  /** What was revoked before is good again. */
  readonly restored: number;
  /** When the last revocation that it takes back would have ended. */
  readonly until: number;
}

/** What is remembered of what was revoked. */
export type RevocationEntry = Revocation | Restoration;

/** How long a revocation may last: a year. */
export const LONGEST_REVOCATION_SECONDS = 31_536_000;

/** So far ahead another instance's clock may be, in milliseconds, and some more. */
const MAX_AHEAD_MS = 120_000;

export function isRestoration(entry: RevocationEntry): entry is Restoration {
  return 'restored' in entry;
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

/** Reads what a store has kept, or another instance has told, at most so many; what is none is left out. */
export function readEntries(told: unknown, max: number): readonly RevocationEntry[] {
  return Array.isArray(told) ? told.flatMap(readEntry).slice(0, max) : [];
}

/** Whether an instance whose clock agrees with ours could have made it. @param nowMs since the epoch */
export function isPlausible(entry: RevocationEntry, nowMs: number): boolean {
  const madeMs = isRestoration(entry) ? entry.restored : entry.before;
  const longestMs = LONGEST_REVOCATION_SECONDS * 1000;
  return madeMs >= 0 && madeMs <= nowMs + MAX_AHEAD_MS && entry.until - madeMs <= longestMs + MAX_AHEAD_MS;
}

function readEntry(told: unknown): readonly RevocationEntry[] {
  const { subject, tenantId, jti, before, restored, until } = Object(told) as Record<string, unknown>;
  if (!Number.isFinite(until) || !isTextOrAbsent(subject) || !isTextOrAbsent(jti)) return [];
  if (tenantId !== null && !isTextOrAbsent(tenantId)) return [];
  const selector = selectorIn({ subject, tenantId, jti });
  if (shapeOf(selector) === 0) return [];
  if (typeof restored === 'number') return [{ ...selector, restored, until: Number(until) }];
  return typeof before === 'number' ? [{ ...selector, before, until: Number(until) }] : [];
}

/** The selector of an entry, without the rest. */
export function selectorIn({
  subject,
  tenantId,
  jti,
}: Partial<Record<keyof TokenSelector, unknown>>): TokenSelector {
  return {
    ...(typeof subject === 'string' ? { subject } : {}),
    ...(typeof tenantId === 'string' || tenantId === null ? { tenantId } : {}),
    ...(typeof jti === 'string' ? { jti } : {}),
  };
}

function isTextOrAbsent(value: unknown): value is string | undefined {
  return value === undefined || typeof value === 'string';
}
