import { loadJose } from '../keys/jose.js';
import { DEFAULT_MAX_TOKEN_BYTES, type FormProblem, formProblem, refusedForm } from '../token/form.js';
import type { Claims, Finding, Rule, RuleName } from '../token/rules/rule.js';
import { rulesFor } from '../token/rules/rules.js';
import { readUnverified } from '../token/unverified.js';
import { failed, passed, quoted, skipped } from './check-results.js';
import { claimNames } from './claim-names.js';
import type { FindParty, Party } from './party.js';
import { recognise } from './recognise.js';
import { headFit, type RequestHead } from './request-head.js';
import { checkSignature, type Header } from './signature-check.js';
import type { Check, CheckValues, KeySet, TokenContent } from './trial.js';

export interface TokenCheckOptions {
  readonly maxTokenBytes?: number | undefined;
  readonly at: Date;
  readonly head: RequestHead;
  readonly find: FindParty;
}

export interface TokenChecks {
  readonly checks: readonly Check[];
  readonly content?: TokenContent;
  readonly keySet?: KeySet;
}

/**
 * Explains a token check by check, by the rules of the handshake. It decides nothing: a handshake stops at the first
 * fault, while this continues as far as it can.
 */
export async function explainToken(token: string, options: TokenCheckOptions): Promise<TokenChecks> {
  const { at, head, find } = options;
  const now = Math.floor(at.getTime() / 1000);
  const fit = headFit(token, head);
  const limit = { limit: head.maxBytes };
  if (fit === 'over') return unreadable(failed('form', 'head', limit, 'head_too_large'), find, now);
  const problem = formProblem(token, options.maxTokenBytes ?? DEFAULT_MAX_TOKEN_BYTES);
  if (problem !== undefined) return unreadable(malformed(token, problem), find, now);
  const { decodeProtectedHeader, decodeJwt } = await loadJose();
  const header = parsed<Header>(() => decodeProtectedHeader(token));
  if (header === undefined) return unreadable(failed('form', recognise(token) ?? 'header'), find, now);

  const claims = parsed<Claims>(() => decodeJwt(token));
  const wellFormed = fit === 'near' ? passed('form', 'near-head', limit) : passed('form', 'jwt');
  const { checks: chosen, party } = find(claims === undefined ? undefined : readUnverified(token));
  if (party === undefined) {
    const form = formFault(header, claims, false) ?? wellFormed;
    const checks = [form, ...chosen, skipped('algorithm'), skipped('signature')];
    return claims === undefined ? { checks } : { checks, content: { verified: false, header, claims } };
  }
  const { algorithm, signature, unusableHeader } = await checkSignature(token, header, party);
  const form = formFault(header, claims, unusableHeader) ?? wellFormed;
  const before = [form, ...chosen, algorithm, signature];
  const rules = rulesFor(party.expected);
  if (claims === undefined) return { checks: [...before, ...unjudged(rules, now)], ...keySetOf(party) };
  const verified = signature.result === 'passed';
  const judged = rules.flatMap((rule) => checkOf(rule, claims, now, { ...header }));
  return {
    checks: [...before, ...(verified ? judged : judged.map(unverified))],
    content: { verified, header, claims },
    ...keySetOf(party),
  };
}

function keySetOf(party: Party | undefined): Pick<TokenChecks, 'keySet'> {
  const keySet = party?.keySet?.();
  return keySet === undefined ? {} : { keySet };
}

function checkOf({ name, judge }: Rule, claims: Claims, now: number, header: Claims): Check[] {
  const found = judge(claims, now, header);
  if (found === undefined) return [];
  const { finding, values } = withNames(name, found, claims);
  return found.result === 'failed'
    ? [{ name, finding, values, result: 'failed', code: found.code }]
    : [{ name, finding, values, result: found.result }];
}

/** To a claim that is not there, what there is in its place. */
function withNames(
  name: RuleName,
  { finding, values }: Finding,
  claims: Claims,
): { readonly finding: string; readonly values: CheckValues } {
  const isSought =
    (name === 'tenant' && finding === 'missing') || (name === 'claims' && finding === 'absent');
  const names = isSought ? claimNames(claims).join(', ') : '';
  return names === ''
    ? { finding, values: shown(values) }
    : { finding: 'among', values: { ...shown(values), names } };
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

function unreadable(form: Check, find: FindParty, now: number): TokenChecks {
  const { checks, party } = find(undefined);
  const rules = party === undefined ? [] : unjudged(rulesFor(party.expected), now);
  return {
    checks: [form, ...checks, skipped('algorithm'), skipped('signature'), ...rules],
    ...keySetOf(party),
  };
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
