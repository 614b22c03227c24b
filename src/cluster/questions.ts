import { randomBytes } from 'node:crypto';
import type { Envelope, Outgoing } from './envelope.js';
import type { TopicNames } from './names.js';
import { readPiece } from './pieces.js';
import type { Published } from './transport.js';

/** How many instances had a part in something; this one is one of them. */
export interface Instances {
  readonly answered: number;
  /** Those that were silent, or out of reach. */
  readonly missing: number;
}

/** Other instances that serve a listener as this one does, by their names. */
export interface Neighbours {
  readonly heard: readonly string[];
  /** Those that are out of reach. */
  readonly lost: readonly string[];
}

/** Takes a part of an answer. @returns `refused` where it is none, `enough` where nobody else needs to answer */
export type TakeRows = (rows: readonly unknown[], instance: string) => 'taken' | 'refused' | 'enough';

/** Who is asked: all that serve the listener, or one by its name. */
export type Whom = { readonly kind: 'all' } | { readonly kind: 'one'; readonly instance: string };

/** What questions are asked with. */
export interface QuestionsHost {
  readonly instance: string;
  readonly names: TopicNames;
  /** Longest wait for all answers, in milliseconds. */
  readonly askMs: number;
  neighbours(): Neighbours;
  publish(topic: string, envelope: Outgoing): Published;
}

/** Questions under way: each holds what its answers have told. */
const MAX_PENDING = 32;

const ID_BYTES = 12;

/** The number of no part. */
const NO_MORE = -1;

interface Question {
  /** Who is yet to answer, and which of its parts comes next. */
  readonly awaited: Map<string, number>;
  readonly take: TakeRows;
  answered: number;
  end(): void;
}

/** What this instance asks the others, until they have answered or their time is over. */
export class Questions {
  readonly #host: QuestionsHost;
  readonly #pending = new Map<string, Question>();

  constructor(host: QuestionsHost) {
    this.#host = host;
  }

  /** Whether one more may be asked. */
  get haveRoom(): boolean {
    return this.#pending.size < MAX_PENDING;
  }

  /**
   * Asks. There has to be room.
   * @param take is given the rows of each answer, in their order
   */
  ask(question: unknown, whom: Whom, take: TakeRows): Promise<Instances> {
    const { heard, lost } = this.#host.neighbours();
    const isMeant = (name: string) => whom.kind === 'all' || name === whom.instance;
    const asked = heard.filter(isMeant);
    const unreachable = lost.filter(isMeant).length;
    const id = randomBytes(ID_BYTES).toString('base64url');
    if (asked.length === 0) {
      if (whom.kind === 'all') this.#publish(whom, id, question); // who has just come does it all the same
      return Promise.resolve({ answered: 1, missing: unreachable });
    }
    return new Promise((resolve) => {
      const timer = setTimeout(() => pending.end(), this.#host.askMs);
      const pending: Question = {
        awaited: new Map(asked.map((name) => [name, 0])),
        take,
        answered: 1,
        end: () => {
          clearTimeout(timer);
          this.#pending.delete(id);
          resolve({ answered: pending.answered, missing: pending.awaited.size + unreachable });
        },
      };
      this.#pending.set(id, pending);
      if (this.#publish(whom, id, question) !== 'sent') pending.end();
    });
  }

  /** Takes a part of an answer, if it was asked for. */
  received(instance: string, { head: { id, piece, isLast }, payload }: Envelope): void {
    const question = typeof id === 'string' ? this.#pending.get(id) : undefined;
    const next = question?.awaited.get(instance);
    // a part that was lost cannot be made up for: who has sent it stays missing
    if (question === undefined || next === undefined || next !== piece) return;
    const rows = readPiece(payload);
    const taken = rows === undefined ? 'refused' : question.take(rows, instance);
    question.awaited.set(instance, taken === 'refused' ? NO_MORE : next + 1);
    if (taken !== 'refused' && isLast === true) {
      question.awaited.delete(instance);
      question.answered += 1;
    }
    if (taken === 'enough' || question.awaited.size === 0) question.end();
  }

  /** Waits no longer. */
  close(): void {
    for (const question of [...this.#pending.values()]) question.end();
  }

  #publish(whom: Whom, id: string, question: unknown): Published {
    const { names, instance } = this.#host;
    const topic = whom.kind === 'all' ? names.all : names.toInstance(whom.instance);
    const payload = Buffer.from(JSON.stringify(question));
    return this.#host.publish(topic, { kind: 'ask', head: { instance, id }, payload });
  }
}
