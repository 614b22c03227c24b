/** When a FanOut puts off writing, and how much it puts off. Counts are of peers or messages, sizes in bytes. */
export interface FanOutLimits {
  /** Largest audience that is written to at once: it takes far less than a turn of the event loop. */
  readonly atOnce: number;
  /** How long large audiences may hold the event loop at a time, in milliseconds. */
  readonly turnMs: number;
  /** How many peers are written to before it is another tenant's turn. */
  readonly batch: number;
  /** Once this much is queued we stop reading from peers: what they send would only add to it. */
  readonly backlog: { readonly jobs: number; readonly bytes: number };
  /**
   * Hard limit: past it `send` writes at once, so a flow that keeps producing has to wait. Far above `backlog`, because
   * each paused peer may still deliver a chunk of 64 KiB, which is some ten thousand messages.
   */
  readonly full: { readonly jobs: number; readonly bytes: number };
}

export const FAN_OUT_LIMITS: FanOutLimits = {
  atOnce: 256,
  turnMs: 4,
  batch: 32,
  backlog: { jobs: 256, bytes: 16 * 1024 * 1024 },
  full: { jobs: 16_384, bytes: 64 * 1024 * 1024 },
};
