import type { BusState } from './bus.js';

/** How a member of a cluster is doing. */
export type ClusterState =
  | BusState
  /** Up, but another member's clock is a minute off, so that one of the two does not take what the other sends. */
  | { readonly kind: 'off-clock' };

/** What happens to a cluster, and its owner should know. */
export type ClusterEvent =
  | { readonly kind: 'state'; readonly state: ClusterState }
  /** A member's listener of the same path has another scope, or another source of tenants. */
  | { readonly kind: 'differs'; readonly path: string }
  /** A member's clock is ahead by so many milliseconds; negative: behind. */
  | { readonly kind: 'clock'; readonly offMs: number };

/** Messages to other instances, and from them, of peers, flows and owners: heartbeats do not count. */
export interface ClusterTraffic {
  readonly sent: number;
  readonly received: number;
}
