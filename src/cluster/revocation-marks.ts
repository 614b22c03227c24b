import { createHash } from 'node:crypto';
import { isRestoration, keyOf, type RevocationEntry, shapeOf } from '../sessions/revocation.js';
import type { SharedRevocations } from './place.js';

/** What an instance has, in so few bytes that each heartbeat says it. */
export interface Mark {
  /** Of what ends later than this alone, in milliseconds since the epoch: the rest may end here a little earlier than there. */
  readonly horizon: number;
  readonly digest: string;
}

/** What may differ is found by buckets: those that are the same need not be sent. */
const BUCKETS = 256;
const BUCKET_BYTES = 8;

export const MARKS_BYTES = BUCKETS * BUCKET_BYTES;

/** How far apart horizons are, and how far ahead: no clock of a member is off by more. */
const HORIZON_MS = 60_000;

type Source = Pick<SharedRevocations, 'entries' | 'observe'>;

/** The bucket of an entry, and what it adds to it. */
interface Print {
  readonly bucket: number;
  readonly high: number;
  readonly low: number;
}

/** Marks of a set of revocations. Equal marks mean equal sets, in whatever order they came about. */
export class RevocationMarks {
  readonly #source: Source;
  readonly #prints = new Map<RevocationEntry, Print>();
  /** Of what is asked for again and again; kept up to date. */
  #marks: { readonly horizon: number; readonly words: Uint32Array } | undefined;

  constructor(source: Source) {
    this.#source = source;
    for (const entry of source.entries()) this.#changed(entry, true);
    source.observe((...change) => this.#changed(...change));
  }

  /** What ends after the horizon, bucket by bucket. */
  of(horizon: number): Buffer {
    if (this.#marks?.horizon !== horizon) {
      this.#marks = { horizon, words: new Uint32Array(BUCKETS * 2) };
      for (const [entry, print] of this.#prints) this.#mark(entry, print);
    }
    const marks = Buffer.alloc(MARKS_BYTES);
    for (const [index, word] of this.#marks.words.entries()) marks.writeUInt32BE(word, index * 4);
    return marks;
  }

  digest(horizon: number): string {
    return createHash('sha256').update(this.of(horizon)).digest().toString('base64url', 0, BUCKET_BYTES);
  }

  /** The entries of those buckets that are not as in these marks, in the order of the set. */
  differing(horizon: number, marks: Buffer): readonly RevocationEntry[] {
    const own = this.of(horizon);
    const differs = Array.from({ length: BUCKETS }, (_, bucket) => {
      const at = bucket * BUCKET_BYTES;
      return own.compare(marks, at, at + BUCKET_BYTES, at, at + BUCKET_BYTES) !== 0;
    });
    return this.#source
      .entries()
      .filter((entry) => entry.until > horizon && differs[this.#prints.get(entry)?.bucket ?? 0]);
  }

  #changed(entry: RevocationEntry, isThere: boolean): void {
    const print = this.#prints.get(entry) ?? printOf(entry);
    if (isThere) this.#prints.set(entry, print);
    else this.#prints.delete(entry);
    this.#mark(entry, print);
  }

  /** Each entry is there once, and "exclusive or" takes away what it has added. */
  #mark({ until }: RevocationEntry, { bucket, high, low }: Print): void {
    if (this.#marks === undefined || until <= this.#marks.horizon) return;
    const { words } = this.#marks;
    const at = bucket * 2;
    words[at] = (words[at] ?? 0) ^ high;
    words[at + 1] = (words[at + 1] ?? 0) ^ low;
  }
}

/** The horizon of a heartbeat: the same for a while, so that what it says need not be worked out anew. */
export function horizonAt(nowMs: number): number {
  return (Math.floor(nowMs / HORIZON_MS) + 2) * HORIZON_MS;
}

function printOf(entry: RevocationEntry): Print {
  const facts = isRestoration(entry) ? ['restored', entry.restored] : ['revoked', entry.before];
  const text = JSON.stringify([shapeOf(entry), keyOf(entry), ...facts, entry.until]);
  const hash = createHash('sha256').update(text).digest();
  return { bucket: hash.readUInt8(8), high: hash.readUInt32BE(0), low: hash.readUInt32BE(4) };
}
