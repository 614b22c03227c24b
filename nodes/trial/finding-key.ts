import type { Check } from '../../src/trial/trial.js';

/** The key of what a check found in the catalog; undefined where there is nothing to say. */
export function findingKey({ name, finding }: Pick<Check, 'name' | 'finding'>): string | undefined {
  if (finding === 'not-checked') return undefined;
  if (finding === 'no-date') return 'finding.no-date';
  return `finding.${name === 'issuer' || name === 'audience' ? 'claim' : name}-${finding}`;
}
