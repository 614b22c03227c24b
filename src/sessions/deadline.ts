/** Past this setTimeout fires after 1 ms. */
const MAX_TIMEOUT_MS = 2 ** 31 - 1;

/** Node keeps a list per duration: long waits begin with one that many connections share. */
const COARSE_MS = 10_000;

/**
 * Calls `callback` once the clock reads `atMs` (milliseconds since the epoch), however far away that is.
 * @returns stops it
 */
export function callAt(atMs: number, callback: () => void): () => void {
  let timer: NodeJS.Timeout;
  const wait = () => {
    const leftMs = atMs - Date.now();
    const coarseMs = Math.min(leftMs - (leftMs % COARSE_MS), MAX_TIMEOUT_MS);
    timer = coarseMs > 0 ? setTimeout(wait, coarseMs) : setTimeout(callback, Math.max(0, leftMs));
  };
  wait();
  return () => clearTimeout(timer);
}
