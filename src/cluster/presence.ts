/** How many of a listener's peers each tenant has; null stands for the peers without one. */
export class Presence {
  readonly #counts = new Map<string | null, number>();
  #changed = new Set<string | null>();
  /** When the last peer of a tenant went; monotonic. */
  readonly #left = new Map<string | null, number>();

  /** @returns whether that is another tenant's first peer, or its last one has gone */
  set(tenantId: string | null, count: number, nowMs: number): 'came' | 'left' | 'stays' {
    const isHere = this.#counts.has(tenantId);
    this.#changed.add(tenantId);
    if (count > 0) {
      this.#counts.set(tenantId, count);
      this.#left.delete(tenantId);
      return isHere ? 'stays' : 'came';
    }
    this.#counts.delete(tenantId);
    if (!isHere) return 'stays';
    this.#left.set(tenantId, nowMs);
    return 'left';
  }

  /** Expects a tenant's first peer: it is treated as one that has just left. */
  expect(tenantId: string | null, nowMs: number): void {
    if (!this.#counts.has(tenantId)) this.#left.set(tenantId, nowMs);
  }

  /** The tenants that have been away since then, once. */
  away(sinceMs: number): (string | null)[] {
    const away: (string | null)[] = [];
    for (const [tenantId, leftMs] of this.#left) if (leftMs <= sinceMs) away.push(tenantId);
    for (const tenantId of away) this.#left.delete(tenantId);
    return away;
  }

  /** Those that have another count than when this was asked before, with what they have now. */
  changes(): [string | null, number][] {
    const changed = this.#changed;
    this.#changed = new Set();
    return [...changed].map((tenantId) => [tenantId, this.#counts.get(tenantId) ?? 0]);
  }

  all(): [string | null, number][] {
    return [...this.#counts];
  }
}
