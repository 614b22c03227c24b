import type { Revocation } from '../../../src/sessions/revocation.js';
import type { RevocationStore } from '../../../src/sessions/revocations.js';

/** Keeps revocations as long as the test lives. */
export function memoryStore(stored?: unknown): RevocationStore & { readonly saved: readonly Revocation[][] } {
  const saved: Revocation[][] = [];
  return {
    saved,
    load: async () => saved.at(-1) ?? stored,
    save: async (revocations) => {
      saved.push([...revocations]);
    },
  };
}
