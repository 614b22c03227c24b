import type { BusTiming } from './bus.js';
import type { GossipTiming } from './gossip.js';
import { LONGEST_DELAY_MS } from './retry-delay.js';

/** Times in milliseconds. */
export interface ClusterTiming extends BusTiming, GossipTiming {
  /** From one heartbeat to the next. */
  readonly beatMs: number;
  /** Longest wait for what others are asked. */
  readonly askMs: number;
}

/** As in a runtime; tests are in more of a hurry. */
export const TIMING: ClusterTiming = {
  beatMs: 2000,
  askMs: 2000,
  unheardMs: 6000,
  expireMs: 8000,
  returnMs: LONGEST_DELAY_MS + 2000, // the last attempt, and a heartbeat
  countsMs: 500,
  now: Date.now,
};
