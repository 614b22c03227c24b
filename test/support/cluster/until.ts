import { setImmediate } from 'node:timers/promises';

const PATIENCE_MS = 15_000;

/** Resolves once it is so; the event loop turns meanwhile. Rejects where that takes too long. */
export async function until(isIt: () => boolean | Promise<boolean>, patienceMs = PATIENCE_MS): Promise<void> {
  const startedMs = performance.now();
  while (!(await isIt())) {
    if (performance.now() - startedMs > patienceMs) throw new Error(`it never became so: ${isIt}`);
    await setImmediate();
  }
}
