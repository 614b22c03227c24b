import type { Connection } from '../sessions/connection.js';
import { Ends } from '../sessions/ends.js';
import type { Connected } from '../sessions/registry.js';
import { type Selector, select } from '../sessions/selector.js';

/** Where a connection stands among those of all instances, the oldest first: when it came, where, and its number there. */
export type Position = readonly [connectedAt: number, instance: string, number: number];

/** Below 0: `one` comes first. */
export function comparePositions(one: Position, other: Position): number {
  if (one[0] !== other[0]) return one[0] - other[0];
  if (one[1] !== other[1]) return one[1] < other[1] ? -1 : 1;
  return one[2] - other[2];
}

/** Undefined where it is none. */
export function readPosition(told: unknown): Position | undefined {
  if (!Array.isArray(told)) return undefined;
  const [connectedAt, instance, number] = told as readonly unknown[];
  if (!Number.isFinite(connectedAt) || typeof instance !== 'string' || !Number.isInteger(number))
    return undefined;
  return [Number(connectedAt), instance, Number(number)];
}

/** The connections of this instance among those of all. */
export class Positions {
  readonly #connected: Connected;
  readonly #instance: string;
  readonly #ends = new Ends<Position>();

  constructor(connected: Connected, instance: string) {
    this.#connected = connected;
    this.#instance = instance;
  }

  of({ connectedAt, number }: Connection): Position {
    return [connectedAt, this.#instance, number];
  }

  /** Where a connection stands that is here, or with which a page has ended here. */
  find(id: string): Position | undefined {
    const connection = this.#connected.get(id);
    return connection === undefined ? this.#ends.get(id) : this.of(connection);
  }

  /** A page has ended with that connection. */
  remember(id: string, position: Position): void {
    this.#ends.remember(id, position);
  }

  /** At most so many connections of this instance that come after a position, the oldest first. */
  page(selector: Selector, limit: number, from: Position | undefined): readonly Connection[] {
    return select(this.#connected, selector)
      .filter((connection) => from === undefined || comparePositions(this.of(connection), from) > 0)
      .sort((one, other) => one.connectedAt - other.connectedAt || one.number - other.number)
      .slice(0, limit);
  }
}
