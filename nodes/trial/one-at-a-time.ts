import { TrialRefused } from './request.js';

/** Most that may go on at once, whatever for. */
const MAX_RUNNING = 8;

/** Lets one thing go on for each id, and few altogether: each of them fetches from somewhere. */
export class OneAtATime {
  readonly #running = new Set<string>();

  /** @throws TrialRefused `trial-busy` */
  async run<T>(id: string, work: () => Promise<T>): Promise<T> {
    if (this.#running.has(id) || this.#running.size >= MAX_RUNNING) throw new TrialRefused('trial-busy', 429);
    this.#running.add(id);
    try {
      return await work();
    } finally {
      this.#running.delete(id);
    }
  }
}
