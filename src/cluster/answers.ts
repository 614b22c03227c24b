import type { Envelope, Outgoing } from './envelope.js';
import type { TopicNames } from './names.js';
import { parseJson, piecesOf } from './pieces.js';
import type { Place } from './place.js';
import type { Published } from './transport.js';

/** What answers are given with. */
export interface AnswersHost {
  readonly instance: string;
  readonly names: TopicNames;
  publish(topic: string, envelope: Outgoing): Published;
}

/** Parts of answers in a second: what is asked beyond that is not even read, so that no member keeps the others busy. */
const PER_SECOND = 512;

/** What this instance answers to the others. */
export class Answers {
  readonly #host: AnswersHost;
  readonly #place: Pick<Place, 'answer'>;
  readonly #now: () => number;
  #second = 0;
  #given = 0;

  /** @param now monotonic, in milliseconds */
  constructor(place: Pick<Place, 'answer'>, host: AnswersHost, now = () => performance.now()) {
    this.#now = now;
    this.#place = place;
    this.#host = host;
  }

  /** Answers, where that is possible: who asks waits only so long, and takes silence for an answer. */
  async received(asker: string, { head: { id }, payload }: Envelope): Promise<void> {
    if (typeof id !== 'string' || !this.#hasRoom()) return;
    try {
      const rows = await this.#place.answer(parseJson(payload));
      if (rows !== undefined) this.#give(asker, id, rows);
    } catch {} // no answer is one: its asker counts us as missing, and nothing here has asked
  }

  #give(asker: string, id: string, rows: readonly unknown[]): void {
    const { instance, names } = this.#host;
    const topic = names.toInstance(asker);
    let piece = 0;
    for (const { payload, isLast } of piecesOf(rows)) {
      const head = { instance, id, piece, isLast };
      if (this.#host.publish(topic, { kind: 'answer', head, payload }) !== 'sent') return;
      piece += 1;
      this.#given += 1;
    }
  }

  #hasRoom(): boolean {
    const second = Math.floor(this.#now() / 1000);
    if (second !== this.#second) {
      this.#second = second;
      this.#given = 0;
    }
    this.#given += 1;
    return this.#given <= PER_SECOND;
  }
}
