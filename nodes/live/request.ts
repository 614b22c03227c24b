import type { SessionQuery } from '../../src/live/session-rows.js';
import { LiveRefusal } from './live-error.js';

type Fields = Readonly<Record<string, unknown>>;

/** Longest text that is searched for, or names somebody. */
const MAX_LENGTH = 1024;

/** Who is to be closed. */
export type Whom =
  | { readonly kind: 'ref'; readonly ref: number }
  | { readonly kind: 'tenant'; readonly tenantId: string | null }
  | { readonly kind: 'subject'; readonly subject: string };

/** @throws LiveRefusal */
export function readSince({ since }: Fields): number {
  return since === undefined ? 0 : wholeNumber(since);
}

/** @throws LiveRefusal */
export function readAfter({ after }: Fields): number {
  return after === undefined ? 0 : wholeNumber(after);
}

/** Of an address: an empty `tenant` stands for those without one. @throws LiveRefusal */
export function readSessionQuery({ q, tenant, subject, after }: Fields): SessionQuery {
  return {
    q: q === undefined ? undefined : textOf(q),
    tenantId: tenant === undefined ? undefined : textOf(tenant) || null,
    subject: subject === undefined ? undefined : textOf(subject),
    after: after === undefined ? undefined : wholeNumber(after),
  };
}

/** @throws LiveRefusal where it is not exactly one */
export function readWhom(body: Fields): Whom {
  const { ref, tenantId, subject } = body;
  const given = [ref, tenantId, subject].filter((one) => one !== undefined);
  if (given.length !== 1) throw new LiveRefusal('bad-request');
  if (ref !== undefined) return { kind: 'ref', ref: wholeNumber(ref) };
  if (subject !== undefined) return { kind: 'subject', subject: textOf(subject) };
  return { kind: 'tenant', tenantId: tenantId === null ? null : textOf(tenantId) };
}

/** @throws LiveRefusal */
export function readFlag(value: unknown): boolean {
  if (value === undefined) return false;
  if (typeof value !== 'boolean') throw new LiveRefusal('bad-request');
  return value;
}

function textOf(value: unknown): string {
  if (typeof value !== 'string' || value.length > MAX_LENGTH) throw new LiveRefusal('bad-request');
  return value;
}

function wholeNumber(value: unknown): number {
  const number = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isSafeInteger(number) || number < 0)
    throw new LiveRefusal('bad-request');
  return number;
}
