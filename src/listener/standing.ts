import type { ClusterState } from '../cluster/cluster-state.js';
import type { EndpointEvent, EndpointState, KeysEvent, StateEvent } from '../events/events.js';
import { ObservedState } from '../events/state.js';
import { Rejection } from '../handshake/rejection.js';
import { Condition } from './condition.js';

/** Whether a listener may serve its path, and what it shows of itself. */
export class Standing {
  readonly #observed = new ObservedState();
  readonly #condition = new Condition();
  readonly #count: () => number;
  /** Whose the path is: settled when a deploy is complete. */
  #path: 'unsettled' | 'ours' | 'taken' = 'unsettled';
  #closed = false;

  /** @param count of connections there are */
  constructor(count: () => number) {
    this.#count = count;
  }

  get current(): EndpointState {
    return this.#observed.current;
  }

  observe(observer: (event: EndpointEvent) => void): () => void {
    return this.#observed.observe(observer);
  }

  /** Tells of what leaves the state as it is. */
  emit(event: EndpointEvent): void {
    this.#observed.emit(event);
  }

  change(event: StateEvent): void {
    this.#observed.change(event);
  }

  /** Tells of a connection's coming or going: that is news while connections are ours to have. */
  tell(event: StateEvent): void {
    if (!this.#closed && this.#path === 'ours') this.#observed.change(event);
  }

  /** What the listener shows while nothing is wrong with its path. */
  now(): EndpointState {
    return this.#condition.state(this.#count());
  }

  keysChanged(event: KeysEvent): void {
    this.#observed.emit(event);
    this.#conditionChanged(this.#condition.keysChanged(event));
  }

  clusterChanged(state: ClusterState): void {
    this.#conditionChanged(this.#condition.clusterChanged(state));
  }

  /** @throws Rejection where nobody may be let in */
  check(): void {
    if (this.#path === 'taken') throw new Rejection('unavailable', { problem: 'path-taken' });
    if (this.#closed || this.#path !== 'ours') throw new Rejection('unavailable');
  }

  /** @param lost is called where the path is somebody else's from now on */
  setOwner(isOwner: boolean, lost: () => void): void {
    const before = this.#path;
    const after = isOwner ? 'ours' : 'taken';
    if (after === before) return;
    if (!isOwner) lost(); // as long as the going of connections is news
    this.#path = after;
    if (!isOwner) {
      this.#observed.change({ kind: 'state', state: { kind: 'misconfigured', code: 'path-taken' } });
    } else if (before === 'taken') {
      this.#observed.change({ kind: 'state', state: this.now() });
    }
  }

  /** Nobody is let in, nor told of anything, any more. */
  close(): void {
    this.#closed = true;
    this.#observed.close();
  }

  #conditionChanged(isAnother: boolean): void {
    if (isAnother && this.#path !== 'taken') this.#observed.change({ kind: 'state', state: this.now() });
  }
}
