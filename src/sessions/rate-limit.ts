/**
 * A token bucket: `perSecond` messages a second, in bursts of one second's worth and at least one.
 * @returns takes one message: false where there is no room for it
 */
export function createRateLimit(
  perSecond: number,
  now: () => number = () => performance.now(),
): () => boolean {
  const capacity = Math.max(1, perSecond);
  let tokens = capacity;
  let lastMs = now();
  return () => {
    const currentMs = now();
    tokens = Math.min(capacity, tokens + ((currentMs - lastMs) / 1000) * perSecond);
    lastMs = currentMs;
    if (tokens < 1) return false;
    tokens -= 1;
    return true;
  };
}
