import type { KeysEvent } from '../events/events.js';

/** How a listener's keys are that come from endpoints. */
export interface KeysView {
  /** Milliseconds since the last fetch of the oldest; null: some were never fetched. */
  readonly age: number | null;
  /** How many keys there are. */
  readonly count: number;
  /** null: the last fetch of each was good. */
  readonly failure: KeysFailure | null;
}

export interface KeysFailure {
  readonly code: string;
  /** An HTTP status, or a code of Node's; empty where there is none. */
  readonly detail: string;
  /** Milliseconds since the epoch. */
  readonly since: number;
  /** Whether keys of an earlier fetch serve meanwhile. */
  readonly oldKeys: boolean;
}

interface Source {
  readonly fetchedAt: number | undefined;
  readonly count: number;
  readonly failure: KeysFailure | undefined;
}

const NEW: Source = { fetchedAt: undefined, count: 0, failure: undefined };

/** Keeps what happens to a listener's keys, by their issuer. */
export class KeyRecord {
  readonly #sources = new Map<string | undefined, Source>();

  add(event: KeysEvent, at: number = event.toldAgain ?? Date.now()): void {
    if (event.kind === 'keys-fetched') {
      const count = event.set.keys.length;
      this.#sources.set(event.issuer, { fetchedAt: at, count, failure: undefined });
    } else if (event.kind === 'keys-failed') {
      const { code, detail = '', stale: oldKeys } = event;
      // which algorithms no key is for does not say that this is what is wrong
      const shown = code === 'jwks-unusable' ? '' : String(detail);
      const failure = { code, detail: shown, since: at, oldKeys };
      this.#sources.set(event.issuer, { ...(this.#sources.get(event.issuer) ?? NEW), failure });
    }
  }

  /** null where nothing has been fetched, because there is nothing to fetch. */
  view(now: number = Date.now()): KeysView | null {
    const sources = [...this.#sources.values()];
    if (sources.length === 0) return null;
    const fetched = sources.map(({ fetchedAt }) => fetchedAt);
    const isComplete = fetched.every((at) => at !== undefined);
    const failures = sources.flatMap(({ failure }) => failure ?? []);
    return {
      age: isComplete ? now - Math.min(...fetched) : null,
      count: sources.reduce((sum, { count }) => sum + count, 0),
      failure: failures.find(({ oldKeys }) => !oldKeys) ?? failures[0] ?? null,
    };
  }
}
