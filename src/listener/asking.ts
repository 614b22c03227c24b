import type { Instances, TakeRows, Whom } from '../cluster/questions.js';
import type { Seat } from '../cluster/seat.js';
import { instanceOf } from '../cluster/session-ids.js';
import { ControlError } from '../endpoint/control.js';
import type { Selector } from '../sessions/selector.js';
import type { Question } from './questions.js';

const EVERYBODY: Selector = { kind: 'everybody' };

/** Asks the other instances that serve a listener. */
export class Asking {
  readonly #seat: Seat;
  readonly #instance: string;

  /** @param instance the name of this one */
  constructor(seat: Seat, instance: string) {
    this.#seat = seat;
    this.#instance = instance;
  }

  /** Who could answer now, without asking. */
  get reach(): Instances {
    const { heard, lost } = this.#seat.neighbours();
    return { answered: 1 + heard.length, missing: lost.length };
  }

  /** @throws ControlError `control-busy` where too much is asked at a time */
  checkRoom(): void {
    if (!this.#seat.talk.questions.haveRoom) throw new ControlError('control-busy');
  }

  /**
   * Asks those that may have somebody who is meant.
   * @throws ControlError `control-busy`
   */
  ask(question: Question, take: TakeRows, selector = EVERYBODY): Promise<Instances> {
    const whom = this.#whom(selector);
    if (whom === undefined) return Promise.resolve({ answered: 1, missing: 0 });
    this.checkRoom();
    return this.#seat.talk.questions.ask(question, whom, take);
  }

  /** A session is where its id says; undefined: nowhere but here. */
  #whom(selector: Selector): Whom | undefined {
    if (selector.kind === 'everybody' || selector.session === undefined) return { kind: 'all' };
    const instance = instanceOf(selector.session);
    return instance === undefined || instance === this.#instance ? undefined : { kind: 'one', instance };
  }
}
