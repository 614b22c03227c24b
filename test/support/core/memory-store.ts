import type { RevocationEntry } from '../../../src/sessions/revocation.js';
import type { RevocationStore } from '../../../src/sessions/revocations.js';

/** Keeps revocations as long as the test lives. */
export function memoryStore(
  stored?: unknown,
): RevocationStore & { readonly saved: readonly RevocationEntry[][] } {
  const saved: RevocationEntry[][] = [];
  return {
    saved,
    load: async () => saved.at(-1) ?? stored,
    save: async (revocations) => {
      saved.push([...revocations]);
    },
  };
}
