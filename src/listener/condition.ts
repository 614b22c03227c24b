import type { EndpointState, KeysEvent } from '../events/events.js';

/** What a listener shows of itself: how many peers it has, unless its keys are the news. */
export class Condition {
  /** Those that fail, by their issuer. */
  readonly #failing = new Map<string | undefined, 'old' | 'none'>();
  #used = false;

  /** @returns whether that makes another state */
  keysChanged(event: KeysEvent): boolean {
    const before = this.#keys();
    if (event.kind === 'keys-fetched') this.#failing.delete(event.issuer);
    else if (event.kind === 'keys-failed') this.#failing.set(event.issuer, event.stale ? 'old' : 'none');
    return this.#keys() !== before;
  }

  /** @param count connections there are */
  state(count: number): EndpointState {
    this.#used ||= count > 0;
    const keys = this.#keys();
    if (keys !== 'good') return { kind: 'keys-unavailable', oldKeys: keys === 'old', count };
    if (count > 0) return { kind: 'connected', count };
    return { kind: this.#used ? 'empty' : 'idle' };
  }

  /** Of several issuers the worst counts. */
  #keys(): 'good' | 'old' | 'none' {
    const states = [...this.#failing.values()];
    return states.find((state) => state === 'none') ?? states[0] ?? 'good';
  }
}
