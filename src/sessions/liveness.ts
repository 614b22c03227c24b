/**
 * Calls `beat` at every interval.
 * @returns stops it
 */
export function startHeartbeat(intervalMs: number, beat: () => void): () => void {
  const timer = setInterval(beat, intervalMs);
  return () => clearInterval(timer);
}
