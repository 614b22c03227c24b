import type { TenantSource } from '../config/listener-options.js';
import { deepFreeze, type Identity } from './identity.js';
import { asTenant } from './tenant.js';
import { type RefusalCause, TokenRefused } from './token-refused.js';

/** What the user's own function may say of a peer. */
const MEMBERS: readonly string[] = ['tenantId', 'subject', 'claims', 'expiresAt'];

/**
 * The identity that the user's own function states: `{ tenantId, subject?, claims?, expiresAt? }`, `expiresAt` in
 * milliseconds since the epoch. Without that an `exp` of the claims counts, in seconds (RFC 7519 §4.1.4). It is copied, so
 * that nobody changes it afterwards, and has to be plain data with no other member: a name that is misspelt must not pass
 * for one that is left out.
 * @param tenant where it is static, `tenantId` may be absent, and is no other one
 * @throws TokenRefused `token_invalid` for anything else
 */
export function statedIdentity(stated: unknown, tenant: TenantSource): Identity {
  if (stated === null) throw new TokenRefused('token_invalid');
  if (!isRecord(stated) || !isPlain(stated)) throw unusable();
  const { subject, claims = {}, ...others } = copyOf(stated);
  if (Object.keys(others).some((name) => !MEMBERS.includes(name)) || !isRecord(claims)) throw unusable();
  if (subject !== undefined && (typeof subject !== 'string' || subject === '')) throw unusable();
  const identity: Identity = {
    claims,
    tenantId: tenantIn(others.tenantId, tenant),
    subject,
    authStatus: 'verified',
  };
  const expiresAt = endOf(others.expiresAt, claims);
  return deepFreeze(expiresAt === undefined ? identity : { ...identity, expiresAt });
}

function tenantIn(stated: unknown, source: TenantSource): string {
  const tenantId = stated === undefined && source.kind === 'static' ? source.tenantId : asTenant(stated);
  if (tenantId === undefined || (source.kind === 'static' && tenantId !== source.tenantId)) {
    throw unusable('tenant');
  }
  return tenantId;
}

function endOf(stated: unknown, { exp }: Readonly<Record<string, unknown>>): number | undefined {
  if (stated === undefined && exp === undefined) return undefined;
  const expiresAt = stated ?? (typeof exp === 'number' ? exp * 1000 : exp);
  if (typeof expiresAt !== 'number' || !Number.isFinite(expiresAt)) throw unusable();
  const past = Date.now() - expiresAt;
  if (past < 0) return expiresAt;
  throw new TokenRefused('token_invalid', { cause: 'expired', seconds: Math.ceil(past / 1000) });
}

/** Whether JSON holds all of it: own values and no accessors, no classes, no functions, finite numbers. */
function isPlain(root: unknown): boolean {
  const seen = new Set<unknown>();
  const pending = [root];
  while (pending.length > 0) {
    const value = pending.pop();
    if (typeof value !== 'object' || value === null) {
      if (!isScalar(value)) return false;
      continue;
    }
    if (seen.has(value)) continue;
    seen.add(value);
    if (!isPlainObject(value)) return false;
    for (const descriptor of Object.values(Object.getOwnPropertyDescriptors(value))) {
      if (!('value' in descriptor)) return false;
      pending.push(descriptor.value);
    }
  }
  return true;
}

/** A member that is undefined counts as left out. */
function isScalar(value: unknown): boolean {
  return (
    value === undefined ||
    value === null ||
    typeof value === 'string' ||
    typeof value === 'boolean' ||
    Number.isFinite(value)
  );
}

/** Also one that a function node has made: its prototype is that of another context. What is inherited is not copied. */
function isPlainObject(value: object): boolean {
  if (Array.isArray(value)) return true;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** @throws TokenRefused where it goes in circles, or too deep */
function copyOf(value: object): Record<string, unknown> {
  try {
    return JSON.parse(JSON.stringify(value));
  } catch {
    throw unusable();
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function unusable(cause: RefusalCause = 'identity'): TokenRefused {
  return new TokenRefused('token_invalid', { cause });
}
