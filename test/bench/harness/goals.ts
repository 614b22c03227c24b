import type { PeerName } from '../peers/peer-spec.js';

/** What our figure must be in every run: compared with a peer's, with another of our own, or in its own unit. */
export interface Goal {
  readonly figure: string;
  readonly than: { readonly peer: PeerName } | { readonly figure: string } | 'absolute';
  readonly atLeast?: number;
  readonly atMost?: number;
}

/** What every run of ours may promote per message, in figures whose name begins so. */
export interface PromotionLimit {
  readonly figures: string;
  readonly below: { readonly bytes: number } | { readonly orAsMuchAs: PeerName };
}

/** Promoted bytes per message: with so many a process is in the bad mode, be it ours or a peer's. */
export const BAD_MODE_BYTES = 50;

/** 5,000 messages at once are more than a young generation holds, whoever they belong to. */
export const PROMOTION_LIMITS: readonly PromotionLimit[] = [
  { figures: 'echo 100 x', below: { bytes: BAD_MODE_BYTES } },
  { figures: 'echo 1000 x', below: { bytes: BAD_MODE_BYTES } },
  { figures: 'echo 5000 x', below: { orAsMuchAs: 'core' } },
];

/** An echo through a flow, by the size of a message. */
const ECHO_THAN_CORE = { '64 B': 1.1, '1 KiB': 1.15, '64 KiB': 1.5 };

/** The cap on what is unsent, and a tenth for what holds the bytes. */
const CAP_BYTES = 16 * 1024 * 1024 * 1.1;

/** Of an echo, while it is being operated: at most 3 % are lost. */
const THAN_OPERATED = 1 / 0.97;

/** What we aim for. Ratios hold on any machine; the absolute ones are times, bytes per connection and a cap. */
export const GOALS: readonly Goal[] = [
  { figure: 'handshake HS256, none open', than: { peer: 'core' }, atLeast: 2 },
  { figure: 'handshake HS256, none open', than: { peer: 'ws+jose' }, atLeast: 1 },
  { figure: 'churn HS256', than: { peer: 'core' }, atLeast: 1.5 },
  { figure: 'churn HS256', than: { peer: 'ws+jose' }, atLeast: 1 },
  ...[100, 1000].flatMap((connections) =>
    Object.entries(ECHO_THAN_CORE).flatMap(([size, atLeast]) =>
      ['text', 'binary'].map((kind) => ({
        figure: `echo ${connections} x ${size} ${kind}`,
        than: { peer: 'core' as const },
        atLeast,
      })),
    ),
  ),
  ...[100, 1000].map((connections) => ({
    figure: `operated echo ${connections} x 1 KiB`,
    than: { peer: 'ours+operated' as const },
    atMost: THAN_OPERATED,
  })),
  ...['overview', 'sessions', 'metrics'].map((page) => ({
    figure: `slowest ${page}, 10000 sessions`,
    than: 'absolute' as const,
    atMost: 20,
  })),
  { figure: 'fan-out to 10000', than: { peer: 'core' }, atLeast: 1.3 },
  { figure: 'fan-out to 10000', than: { peer: 'floor' }, atLeast: 0.65 },
  { figure: 'longest stall, fan-out to 10000', than: 'absolute', atMost: 20 },
  { figure: 'tenant send, 100 of 10000', than: { peer: 'ws+jose' }, atLeast: 1 },
  // the time does not depend on how many others there are; a tenth is for the noise of one run
  { figure: 'tenant send, 1 of 10000', than: { figure: 'tenant send, 1 of 100' }, atLeast: 0.9 },
  { figure: 'heap per connection', than: { peer: 'core' }, atMost: 1.15 },
  { figure: 'memory per connection', than: { peer: 'core' }, atMost: 1.15 },
  { figure: 'heap left per closed connection', than: 'absolute', atMost: 75 },
  { figure: 'memory for a peer that never reads', than: 'absolute', atMost: CAP_BYTES },
];

/** Whether a goal compares a figure of ours with that of a peer. */
export function isComparedWith(figure: string, peer: PeerName): boolean {
  return GOALS.some(({ figure: name, than }) => name === figure && isWithPeer(than) && than.peer === peer);
}

export function isWithPeer(than: Goal['than']): than is { readonly peer: PeerName } {
  return than !== 'absolute' && 'peer' in than;
}
