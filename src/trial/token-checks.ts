import { loadJose } from '../keys/jose.js';
import type { VerifyingKeys } from '../keys/keys.js';
import { DEFAULT_MAX_TOKEN_BYTES, type FormProblem, formProblem, refusedForm } from '../token/form.js';
import type { Claims, Rule } from '../token/rules/rule.js';
import { type Expected, rulesFor } from '../token/rules/rules.js';
import { failed, passed, quoted, skipped } from './check-results.js';
import { recognise } from './recognise.js';
import { headFit, type RequestHead } from './request-head.js';
import { checkSignature, type Header } from './signature-check.js';
import type { Check, CheckValues, TokenContent } from './trial.js';

export interface TokenCheckOptions extends Expected {
  readonly keys: VerifyingKeys;
  readonly maxTokenBytes?: number | undefined;
  readonly currentDate: Date;
  readonly head: RequestHead;
}

export interface TokenChecks {
  readonly checks: readonly Check[];
  readonly content?: TokenContent;
}

/**
 * Explains a token check by check, by the rules of the handshake. It decides nothing: a handshake stops at the first
 * fault, while this continues as far as it can.
 */
export async function explainToken(token: string, options: TokenCheckOptions): Promise<TokenChecks> {
  const rules = rulesFor(options);
  const now = Math.floor(options.currentDate.getTime() / 1000);
  const fit = headFit(token, options.head);
  const limit = { limit: options.head.maxBytes };
  if (fit === 'over') {
    return { checks: [failed('form', 'head', limit, 'head_too_large'), ...unreadable(rules, now)] };
  }
  const problem = formProblem(token, options.maxTokenBytes ?? DEFAULT_MAX_TOKEN_BYTES);
  if (problem !== undefined) return { checks: [malformed(token, problem), ...unreadable(rules, now)] };
  const { decodeProtectedHeader, decodeJwt } = await loadJose();
  const header = parsed<Header>(() => decodeProtectedHeader(token));
  if (header === undefined)
    return { checks: [failed('form', recognise(token) ?? 'header'), ...unreadable(rules, now)] };

  const { algorithm, signature, unusableHeader } = await checkSignature(token, header, options.keys);
  const claims = parsed<Claims>(() => decodeJwt(token));
  const wellFormed = fit === 'near' ? passed('form', 'near-head', limit) : passed('form', 'jwt');
  const form = formFault(header, claims, unusableHeader) ?? wellFormed;
  if (claims === undefined) return { checks: [form, algorithm, signature, ...unjudged(rules, now)] };

  const verified = signature.result === 'passed';
  const judged = rules.flatMap((rule) => checkOf(rule, claims, now, { ...header }));
  return {
    checks: [form, algorithm, signature, ...(verified ? judged : judged.map(unverified))],
    content: { verified, header, claims },
  };
}

function checkOf({ name, judge }: Rule, claims: Claims, now: number, header: Claims): Check[] {
  const found = judge(claims, now, header);
  if (found === undefined) return [];
  const { finding } = found;
  const values = shown(found.values);
  return found.result === 'failed'
    ? [{ name, finding, values, result: 'failed', code: found.code }]
    : [{ name, finding, values, result: found.result }];
}

/** Times as they are, everything else as text. */
function shown(values: Readonly<Record<string, unknown>>): CheckValues {
  return Object.fromEntries(
    Object.entries(values)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, name === 'at' && typeof value === 'number' ? value : quoted(value)]),
  );
}

function malformed(token: string, problem: FormProblem): Check {
  const mistake = problem === 'missing' || problem === 'too-long' ? undefined : recognise(token);
  return failed('form', mistake ?? problem, {}, refusedForm(problem).code);
}

function formFault(header: Header, claims: Claims | undefined, unusableHeader: boolean): Check | undefined {
  if (unusableHeader) return failed('form', 'crit');
  // RFC 7797 §7: not in a JWT
  if (Array.isArray(header.crit) && header.crit.includes('b64') && header.b64 === false) {
    return failed('form', 'unencoded');
  }
  return claims === undefined ? failed('form', 'claims') : undefined;
}

function unreadable(rules: readonly Rule[], now: number): Check[] {
  return [skipped('algorithm'), skipped('signature'), ...unjudged(rules, now)];
}

/** Where there are no claims: the rules that would have something to say about any. */
function unjudged(rules: readonly Rule[], now: number): Check[] {
  return rules.flatMap(({ name, judge }) => (judge({}, now, {}) === undefined ? [] : skipped(name)));
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
