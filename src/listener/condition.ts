import type { EndpointState, KeysEvent } from '../events/events.js';

/** What a listener shows of itself: how many peers it has, unless its keys are the news. */
export class Condition {
  #keys: 'good' | 'old' | 'none' = 'good';
  #used = false;

  /** @returns whether that makes another state */
  keysChanged(event: KeysEvent): boolean {
    const before = this.#keys;
    if (event.kind === 'keys-fetched') this.#keys = 'good';
    else if (event.kind === 'keys-failed') this.#keys = event.stale ? 'old' : 'none';
    return this.#keys !== before;
  }

  /** @param count connections there are */
  state(count: number): EndpointState {
    this.#used ||= count > 0;
    if (this.#keys !== 'good') return { kind: 'keys-unavailable', oldKeys: this.#keys === 'old', count };
    if (count > 0) return { kind: 'connected', count };
    return { kind: this.#used ? 'empty' : 'idle' };
  }
}
