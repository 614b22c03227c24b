import type { Check } from '../../src/trial/trial.js';

/** Checks of a value that is expected to the letter: what they find is said in the same words. */
const LITERAL: ReadonlySet<Check['name']> = new Set(['issuer', 'audience']);

/** How an issuer that is not among those of a listener is told. */
const UNCHOSEN: ReadonlySet<string> = new Set(['missing', 'slash', 'other']);

/** The key of what a check found in the catalog; undefined where there is nothing to say. */
export function findingKey({ name, finding }: Pick<Check, 'name' | 'finding'>): string | undefined {
  if (finding === 'not-checked') return undefined;
  if (finding === 'no-date') return 'finding.no-date';
  if (finding === 'among') return 'finding.claim-among';
  const isLiteral = LITERAL.has(name) || (name === 'chosen' && UNCHOSEN.has(finding));
  return `finding.${isLiteral ? 'claim' : name}-${finding}`;
}
