import type { Claims } from '../token/rules/rule.js';

/** Most names that are listed: who looks for one among them has to read them. */
const MAX_NAMES = 12;

/** Longest name that is listed, in characters. */
const MAX_NAME = 80;

/** RFC 7519 §4.1, and OpenID Connect Core 1.0 §2: they name no tenant, and nobody looks for them elsewhere. */
const REGISTERED: ReadonlySet<string> = new Set(
  'iss sub aud exp nbf iat jti auth_time nonce acr amr azp sid at_hash c_hash typ'.split(' '),
);

/** What claims are called that say to whom somebody belongs. */
const LIKELY = /tenant|^tid$|org|realm|customer|account|workspace|company|team|^hd$/i;

/**
 * The names of the claims that a token has, those first that may hold a tenant: members of objects as a path, as a claim's
 * name may be. Values are not looked at.
 */
export function claimNames(claims: Claims): readonly string[] {
  const names = Object.entries(claims)
    .filter(([name]) => !REGISTERED.has(name))
    .flatMap(([name, value]) => [name, ...memberNames(value).map((member) => `${name}.${member}`)])
    .filter((name) => name.length <= MAX_NAME);
  const likely = names.filter((name) => LIKELY.test(name));
  return [...likely, ...names.filter((name) => !LIKELY.test(name))].slice(0, MAX_NAMES);
}

function memberNames(value: unknown): readonly string[] {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.keys(value) : [];
}
