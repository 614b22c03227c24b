import { createDecipheriv } from 'node:crypto';
import type { ClusterKeys } from './keys.js';
import {
  CIPHER,
  HEADER_BYTES,
  isEpoch,
  nonceOf,
  readHeader,
  type SealedHeader,
  TAG_BYTES,
} from './sealed.js';
import { SequenceWindow, WINDOW } from './sequence-window.js';

/** What a message from the broker turned out to be. */
export type Opened =
  | { readonly kind: 'opened'; readonly body: Buffer; readonly sentMs: number }
  /** Sealed by ourselves, on this connection; `isEcho` unless that many were not sent. */
  | { readonly kind: 'own'; readonly isEcho: boolean }
  | { readonly kind: 'refused'; readonly why: Refused }
  /** Genuine and never seen, but of a clock that is off by so many milliseconds; told where that was asked for. */
  | { readonly kind: 'off-clock'; readonly offMs: number };

export type Refused = 'form' | 'time' | 'repeated' | 'flood' | 'seal';

/** Older, or further ahead, than this a message is nobody's. Also how long a broker may hold one back. */
export const MAX_AGE_MS = 60_000;

/** What was sealed so long before we began may be a replay of what an earlier run has seen. */
const BEFORE_START_MS = 5000;

/** Senders that are remembered. */
const MAX_EPOCHS = 1024;

/** Who seals our own messages. */
interface Own {
  readonly epoch: Buffer;
  /** How many there are. */
  readonly sealed: number;
}

interface Epoch {
  readonly key: Buffer;
  readonly window: SequenceWindow;
  /** Of its newest message. */
  newestMs: number;
}

/**
 * Opens what members have sealed, each message once. Everything else costs as little as can be: whoever may publish to the
 * broker can send us what he likes.
 */
export class Opener {
  readonly #keys: ClusterKeys;
  readonly #now: () => number;
  readonly #startedMs: number;
  readonly #epochs = new Map<string, Epoch>();
  #own: Own | undefined;
  #echoes = 0;

  /** @param now milliseconds since the epoch of POSIX */
  constructor(keys: ClusterKeys, now: () => number) {
    this.#keys = keys;
    this.#now = now;
    this.#startedMs = now();
  }

  /** Tells our own messages by their epoch, from now on. */
  set own(own: Own) {
    this.#own = own;
    this.#echoes = 0;
  }

  /** @param tellsClock whether a message of another time is opened all the same, to say by how much its clock is off */
  open(topic: string, sealed: Buffer, tellsClock = false): Opened {
    const header = readHeader(sealed);
    if (header === undefined) return refused('form');
    if (this.#own?.epoch.equals(header.epoch)) return { kind: 'own', isEcho: this.#isEcho(this.#own) };
    const now = this.#now();
    const offMs = header.sentMs - now;
    const isTimely = Math.abs(offMs) <= MAX_AGE_MS && header.sentMs >= this.#startedMs - BEFORE_START_MS;
    if (!isTimely && !(tellsClock && Math.abs(offMs) > MAX_AGE_MS)) return refused('time');
    const name = header.epoch.toString('latin1');
    const known = this.#epochs.get(name);
    if (known !== undefined && !known.window.isNew(header.sequence)) return refused('repeated');
    const epoch = known ?? this.#derive(header);
    if (epoch === undefined) return refused('flood');
    const body = decrypt(epoch.key, topic, sealed);
    if (body === undefined) return refused('seal');
    if (!isTimely) return { kind: 'off-clock', offMs };
    if (known === undefined && !this.#remember(name, epoch, now)) return refused('flood');
    epoch.window.add(header.sequence);
    epoch.newestMs = Math.max(epoch.newestMs, header.sentMs);
    return { kind: 'opened', body, sentMs: header.sentMs };
  }

  /** Not more come back than were sent, however often somebody repeats them; those of long ago do not come any more. */
  #isEcho({ sealed }: Own): boolean {
    this.#echoes = Math.max(this.#echoes, sealed - WINDOW);
    if (this.#echoes >= sealed) return false;
    this.#echoes += 1;
    return true;
  }

  /** As often as it is asked for: members whom strangers repeat must not keep new ones from being heard. */
  #derive({ epoch }: SealedHeader): Epoch | undefined {
    if (!isEpoch(this.#keys, epoch)) return undefined;
    return { key: this.#keys.sealing(epoch), window: new SequenceWindow(), newestMs: 0 };
  }

  /** Forgets only those of which everything that could come again would be too old. */
  #remember(name: string, epoch: Epoch, now: number): boolean {
    if (this.#epochs.size >= MAX_EPOCHS) {
      for (const [other, { newestMs }] of this.#epochs) {
        if (newestMs < now - MAX_AGE_MS) this.#epochs.delete(other);
      }
      if (this.#epochs.size >= MAX_EPOCHS) return false;
    }
    this.#epochs.set(name, epoch);
    return true;
  }
}

function refused(why: Refused): Opened {
  return { kind: 'refused', why };
}

function decrypt(key: Buffer, topic: string, sealed: Buffer): Buffer | undefined {
  const header = sealed.subarray(0, HEADER_BYTES);
  const end = sealed.length - TAG_BYTES;
  const decipher = createDecipheriv(CIPHER, key, nonceOf(header), { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.concat([Buffer.from(topic), header]));
  decipher.setAuthTag(sealed.subarray(end));
  const body = decipher.update(sealed.subarray(HEADER_BYTES, end));
  try {
    decipher.final();
    return body;
  } catch {
    return undefined; // not authentic: `body` is nothing
  }
}
