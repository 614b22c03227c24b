/** Past this setTimeout fires after 1 ms. */
const MAX_TIMEOUT_MS = 2 ** 31 - 1;

/**
 * Calls `callback` once the clock reads `atMs` (milliseconds since the epoch), however far away that is.
 * @returns stops it
 */
export function callAt(atMs: number, callback: () => void): () => void {
  let timer: NodeJS.Timeout;
  const wait = () => {
    const leftMs = atMs - Date.now();
    timer =
      leftMs > MAX_TIMEOUT_MS ? setTimeout(wait, MAX_TIMEOUT_MS) : setTimeout(callback, Math.max(0, leftMs));
  };
  wait();
  return () => clearTimeout(timer);
}
