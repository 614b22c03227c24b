import type { SessionIds } from './session-id.js';

/** Session ids of one maker, which are believed together with those of others: flows answer across listeners. */
export class SessionIdRing implements SessionIds {
  readonly #own: SessionIds;
  readonly #others = new Set<SessionIds>();

  /** @param own what `issue` asks */
  constructor(own: SessionIds) {
    this.#own = own;
  }

  issue(tenantId: string | null): string {
    return this.#own.issue(tenantId);
  }

  proves(id: string, tenantId: string | null): boolean {
    if (this.#own.proves(id, tenantId)) return true;
    for (const ids of this.#others) if (ids.proves(id, tenantId)) return true;
    return false;
  }

  /** @returns believes them no more */
  add(ids: SessionIds): () => void {
    this.#others.add(ids);
    return () => this.#others.delete(ids);
  }
}
