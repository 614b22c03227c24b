import type { Connection } from './connection.js';
import { Ends } from './ends.js';
import type { Connected } from './registry.js';
import { type Selector, select } from './selector.js';

/** Which part of the connections is asked for. */
export interface PageRequest {
  readonly selector: Selector;
  /** Most connections. */
  readonly limit: number;
  /** The session id that the page before ended with; absent: the first page. */
  readonly after?: string | undefined;
}

/** The connections of a listener, page by page, the oldest first. */
export class Pages {
  readonly #connected: Connected;
  readonly #ends = new Ends<number>();

  constructor(connected: Connected) {
    this.#connected = connected;
  }

  /** @returns undefined where it is not known what comes after `after` */
  page({ selector, limit, after }: PageRequest): readonly Connection[] | undefined {
    const from = after === undefined ? 0 : (this.#connected.get(after)?.number ?? this.#ends.get(after));
    if (from === undefined) return undefined;
    const rest = select(this.#connected, selector).filter(({ number }) => number > from);
    const page = rest.slice(0, limit);
    const last = page.at(-1);
    if (last !== undefined) this.#ends.remember(last.id, last.number);
    return page;
  }
}
