import { loadJose } from '../keys/jose.js';
import type { Keys } from '../keys/keys.js';
import { tokenProblem } from '../token/form.js';
import { failed, passed, skipped } from './check-results.js';
import { CLAIM_CHECKS, type Claims, checkClaims, type Expected } from './claim-checks.js';
import { checkSignature, type Header } from './signature-check.js';
import type { Check, TokenContent } from './trial.js';

export interface TokenCheckOptions extends Expected {
  readonly keys: Keys;
  readonly maxTokenBytes?: number;
}

export interface TokenChecks {
  readonly checks: readonly Check[];
  readonly content?: TokenContent;
}

/**
 * Explains a token check by check. It decides nothing: that is `createVerifyClient`'s, which stops at the first fault,
 * while this goes on as far as it can.
 */
export async function explainToken(token: string, options: TokenCheckOptions): Promise<TokenChecks> {
  const problem = tokenProblem(token, options.maxTokenBytes);
  if (problem !== undefined) {
    const code = problem === 'missing' ? 'token_missing' : 'token_invalid';
    return { checks: [failed('form', problem, {}, code), ...unreadable()] };
  }
  const { decodeProtectedHeader, decodeJwt } = await loadJose();
  const header = parsed<Header>(() => decodeProtectedHeader(token));
  if (header === undefined) return { checks: [failed('form', 'header'), ...unreadable()] };

  const { algorithm, signature, unusableHeader } = await checkSignature(token, header, options.keys);
  const claims = parsed<Claims>(() => decodeJwt(token));
  const form = formOf(header, claims, unusableHeader);
  if (claims === undefined)
    return { checks: [form, algorithm, signature, ...CLAIM_CHECKS.map((name) => skipped(name))] };

  const verified = signature.result === 'passed';
  const claimChecks = await checkClaims(claims, options);
  return {
    checks: [form, algorithm, signature, ...(verified ? claimChecks : claimChecks.map(unverified))],
    content: { verified, header, claims },
  };
}

function formOf(header: Header, claims: Claims | undefined, unusableHeader: boolean): Check {
  if (unusableHeader) return failed('form', 'crit');
  // RFC 7797 §7: not in a JWT
  if (Array.isArray(header.crit) && header.crit.includes('b64') && header.b64 === false) {
    return failed('form', 'unencoded');
  }
  return claims === undefined ? failed('form', 'claims') : passed('form', 'jwt');
}

function unreadable(): Check[] {
  return (['algorithm', 'signature', ...CLAIM_CHECKS] as const).map((name) => skipped(name));
}

function unverified(check: Check): Check {
  return check.result === 'passed' ? { ...check, result: 'unverified' } : check;
}

function parsed<T>(parse: () => T): T | undefined {
  try {
    return parse();
  } catch {
    return undefined;
  }
}
