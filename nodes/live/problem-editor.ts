import { text } from '../dialog/text-editor.js';
import type { ClientView, ClusterView, ListenerView } from './protocol.js';
import { clock, duration } from './units-editor.js';

/** What is wrong with a listener or a client. */
export interface Problem {
  /** `bad`: nobody gets through. */
  readonly look: 'bad' | 'doubtful';
  readonly words: string;
}

/** Undefined where nothing is wrong. @param now the runtime's clock */
export function problemOfListener({ state, reason, keys }: ListenerView, now: number): Problem | undefined {
  if (state === 'misconfigured') return { look: 'bad', words: text(`status.${reason}`) };
  const failure = keys?.failure;
  if (failure === undefined || failure === null) return undefined;
  const values = { time: clock(failure.since, now), why: failure.detail || failure.code };
  return failure.oldKeys
    ? { look: 'doubtful', words: text('live.old-keys', values) }
    : { look: 'bad', words: text('live.no-keys', values) };
}

/** Undefined where nothing is wrong. @param now the runtime's clock */
export function problemOfClient(client: ClientView, now: number): Problem | undefined {
  const { state, reason, nextAttempt } = client;
  if (state === 'misconfigured') return { look: 'bad', words: text(`status.${reason}`) };
  if (state === 'connected' || state === 'idle') return undefined;
  const what = reason === '' ? text('live.not-connected') : reason;
  if (nextAttempt === null || nextAttempt <= now) return { look: 'bad', words: what };
  return { look: 'bad', words: text('live.retries', { what, time: duration(nextAttempt - now) }) };
}

/** Of what is wrong with a cluster, those that have words of their own; the others are a transport's. */
const CLUSTER_REASONS: ReadonlyMap<string, string> = new Map([
  ['denied', 'live.cluster-denied'],
  ['unheard', 'live.cluster-unheard'],
  ['flooded', 'live.cluster-flooded'],
  ['timeout', 'live.cluster-timeout'],
]);

/** Undefined where nothing is wrong. @param now the runtime's clock */
export function problemOfCluster({ state, reason, since }: ClusterView, now: number): Problem | undefined {
  switch (state) {
    case 'up':
      return undefined;
    case 'misconfigured':
      return { look: 'bad', words: text(`status.${reason}`) };
    case 'off-clock':
      return { look: 'doubtful', words: text('live.cluster-clock') };
    case 'connecting':
      return { look: 'doubtful', words: text('live.cluster-connecting') };
    default: {
      const key = CLUSTER_REASONS.get(reason);
      const why = key === undefined ? reason : text(key);
      return { look: 'bad', words: text('live.cluster-down', { time: clock(since, now), why }) };
    }
  }
}
