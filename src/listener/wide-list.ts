import { ControlError } from '../endpoint/control.js';
import type { PageRequest } from '../sessions/pages.js';
import type { Selector } from '../sessions/selector.js';
import type { Asking } from './asking.js';
import { rowOf } from './connection-row.js';
import { comparePositions, type Position, type Positions, readPosition } from './positions.js';
import { about } from './questions.js';
import { type Judge, type Listed, readListed } from './told-row.js';

/** Lists the connections of all instances, page by page, the oldest first. */
export class WideList {
  readonly #asking: Asking;
  readonly #positions: Positions;
  readonly #judge: Judge;

  constructor(asking: Asking, positions: Positions, judge: Judge) {
    this.#asking = asking;
    this.#positions = positions;
    this.#judge = judge;
  }

  /** Rejects with a ControlError. */
  async page({ selector, limit, after }: PageRequest) {
    const from = after === undefined ? undefined : await this.#find(after);
    let oldest: readonly Listed[] = this.#positions.page(selector, limit, from).map((connection) => ({
      position: this.#positions.of(connection),
      row: rowOf(connection, this.#judge.options),
    }));
    const instances = await this.#asking.ask(
      { action: 'list', ...about(selector), limit, from },
      (rows, instance) => {
        const listed = rows.map((row) => readListed(row, instance, this.#judge));
        const isAsked = (one: Listed | undefined) =>
          one !== undefined && isAfter(one, from) && isMeant(one, selector);
        if (!listed.every(isAsked)) return 'refused';
        oldest = merge(oldest, listed as readonly Listed[], limit); // none is undefined
        return 'taken';
      },
      selector,
    );
    const last = oldest.at(-1);
    if (last !== undefined) this.#positions.remember(last.row.session.id, last.position);
    return { rows: oldest.map(({ row }) => row), instances };
  }

  /** Some instance knows a connection that is there, or with which a page of its own has ended. */
  async #find(session: string): Promise<Position> {
    let found = this.#positions.find(session);
    if (found !== undefined) return found;
    await this.#asking.ask({ action: 'where', session }, ([row]) => {
      found = readPosition(row);
      return found === undefined ? 'taken' : 'enough';
    });
    if (found === undefined) throw new ControlError('control-after');
    return found;
  }
}

function isAfter({ position }: Listed, from: Position | undefined): boolean {
  return from === undefined || comparePositions(position, from) > 0;
}

/** As far as a row says it: a `jti` does not stand in it. */
function isMeant({ row: { session } }: Listed, selector: Selector): boolean {
  if (selector.kind === 'everybody') return true;
  return (
    (selector.session === undefined || selector.session === session.id) &&
    (selector.tenantId === undefined || selector.tenantId === session.tenantId) &&
    (selector.subject === undefined || selector.subject === session.subject)
  );
}

/** No more than are asked for are kept, whatever others send. */
function merge(some: readonly Listed[], more: readonly Listed[], limit: number): readonly Listed[] {
  return [...some, ...more]
    .sort((one, other) => comparePositions(one.position, other.position))
    .slice(0, limit);
}
