import type { ClusterState } from '../cluster/cluster-state.js';
import type { EndpointState, KeysEvent } from '../events/events.js';

/** What a listener shows of itself: how many peers it has, unless its keys are the news. */
export class Condition {
  /** Those that fail, by their issuer. */
  readonly #failing = new Map<string | undefined, 'old' | 'none'>();
  #cluster: ClusterState = { kind: 'connecting' };
  #used = false;

  /** @returns whether that makes another state */
  keysChanged(event: KeysEvent): boolean {
    const before = this.#keys();
    if (event.kind === 'keys-fetched') this.#failing.delete(event.issuer);
    else if (event.kind === 'keys-failed') this.#failing.set(event.issuer, event.stale ? 'old' : 'none');
    return this.#keys() !== before;
  }

  /** @returns whether that makes another state */
  clusterChanged(state: ClusterState): boolean {
    const before = this.#clusterTrouble();
    this.#cluster = state;
    return this.#clusterTrouble() !== before;
  }

  /** @param count connections there are */
  state(count: number): EndpointState {
    this.#used ||= count > 0;
    const keys = this.#keys();
    if (keys !== 'good') return { kind: 'keys-unavailable', oldKeys: keys === 'old', count };
    const reason = this.#clusterTrouble();
    if (reason !== undefined) return { kind: 'cluster-down', reason, count };
    if (count > 0) return { kind: 'connected', count };
    return { kind: this.#used ? 'empty' : 'idle' };
  }

  #clusterTrouble(): string | undefined {
    if (this.#cluster.kind === 'off-clock') return 'clock';
    return this.#cluster.kind === 'down' ? this.#cluster.reason : undefined;
  }

  /** Of several issuers the worst counts. */
  #keys(): 'good' | 'old' | 'none' {
    const states = [...this.#failing.values()];
    return states.find((state) => state === 'none') ?? states[0] ?? 'good';
  }
}
