import { Answers } from './answers.js';
import type { Envelope, Outgoing } from './envelope.js';
import type { TopicNames } from './names.js';
import type { Place } from './place.js';
import { type Neighbours, Questions } from './questions.js';
import type { Mark } from './revocation-marks.js';
import { RevocationSync } from './revocation-sync.js';
import type { Published } from './transport.js';

/** What a talk needs of the cluster; times in milliseconds. */
export interface TalkHost {
  readonly instance: string;
  readonly names: TopicNames;
  readonly askMs: number;
  /** Since the epoch of POSIX. */
  now(): number;
  publish(topic: string, envelope: Outgoing): Published;
}

/** What the instances that serve one listener say to each other: questions, answers and what is revoked. */
export class Talk {
  readonly questions: Questions;
  readonly #answers: Answers;
  readonly #sync: RevocationSync | undefined;
  readonly #host: TalkHost;

  /** @param listener its name and its digest, which are those of all who take part */
  constructor(
    place: Place,
    listener: { readonly listener: string; readonly digest: string },
    host: TalkHost,
    neighbours: () => Neighbours,
  ) {
    const { instance, names, askMs } = host;
    const publish: TalkHost['publish'] = (topic, envelope) => {
      const head = { ...envelope.head, listener: listener.listener };
      return host.publish(topic, { ...envelope, head, digest: listener.digest });
    };
    this.#host = host;
    this.questions = new Questions({ instance, names, askMs, neighbours, publish });
    this.#answers = new Answers(place, { instance, names, publish });
    if (place.revocations !== undefined) {
      this.#sync = new RevocationSync(place.revocations, { instance, names, now: host.now, publish });
    }
  }

  /** What heartbeats say of revocations. */
  mark(): Mark | undefined {
    return this.#sync?.mark();
  }

  /** A neighbour has said what it has of them. */
  heard(instance: string, mark: Mark | undefined): void {
    this.#sync?.heard(instance, mark);
  }

  /** @param topic where it came: only a question may be for all */
  received(topic: string, envelope: Envelope): void {
    const {
      kind,
      head: { instance },
    } = envelope;
    const { names, instance: own } = this.#host;
    const isForUs = topic === names.toInstance(own) || (kind === 'ask' && topic === names.all);
    if (!isForUs || typeof instance !== 'string' || instance === own) return;
    if (kind === 'ask') void this.#answers.received(instance, envelope);
    else if (kind === 'answer') this.questions.received(instance, envelope);
    else if (kind === 'marks' || kind === 'revocations') this.#sync?.received(instance, envelope);
  }

  reconnected(): void {
    this.#sync?.reconnected();
  }

  /** Forgets neighbours but these. */
  keep(instances: readonly string[]): void {
    this.#sync?.keep(instances);
  }

  close(): void {
    this.questions.close();
    this.#sync?.close();
  }
}
