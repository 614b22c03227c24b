/** How the way to the other members is. */
export type TransportState =
  | { readonly kind: 'connecting' }
  /** Connected, and the first topics are subscribed. */
  | { readonly kind: 'open' }
  /** `reason` is one word: `ECONNREFUSED`, `timeout`, `denied` where a subscription was refused. */
  | { readonly kind: 'down'; readonly reason: string };

/** What became of a message: only what was `sent` has left. */
export type Published = 'sent' | 'down' | 'busy' | 'too-large';

/** What a transport tells. */
export interface TransportEvents {
  /** A new connection: what is published from now on belongs to it. */
  connected(): void;
  changed(state: TransportState): void;
  /** @param next called when the next may come; until then nothing more is read */
  message(topic: string, payload: Buffer, next: () => void): void;
}

/**
 * Publishes and subscribes, and nothing else: at most once, no queue while it is down, no order between senders. What it
 * carries is sealed, so that nobody has to trust it.
 */
export interface Transport {
  readonly state: TransportState;
  /** Whether all that is wanted is subscribed to. */
  readonly isComplete: boolean;
  /** @returns at once; nothing is kept for later */
  publish(topic: string, payload: Buffer): Published;
  /** Subscribes to a topic, again after each connect. Resolves when that is done, or no longer wanted. */
  want(topic: string): Promise<void>;
  unwant(topic: string): void;
  /** Resolves when the connection is closed. */
  close(): Promise<void>;
}

/** @param first topics that come before all others: without them nothing works */
export type OpenTransport = (first: readonly string[], events: TransportEvents) => Transport;
