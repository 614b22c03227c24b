import type { Envelope, Outgoing } from './envelope.js';
import type { About, Beat, Counts, ListenerReport } from './members.js';
import { parseJson } from './pieces.js';
import type { Mark } from './revocation-marks.js';
import type { Seat } from './seat.js';

/** Tenants in a message about counts: some 32 KiB. */
const PIECE = 1000;

/** Of what a member calls itself: it is shown, and anybody who knows the secret could send more. */
const MAX_NAME = 64;

/** What a heartbeat says: who sends it, and how its listeners are. */
export function writeBeat(
  instance: string,
  { about, counted, isReady }: Omit<Beat, 'listeners'>,
  seats: Iterable<Seat>,
): Outgoing {
  const listeners = Array.from(seats, ({ listener, digest, place, talk }) => [
    listener,
    digest,
    place.connections(),
    talk.mark(),
  ]);
  return { kind: 'beat', head: { instance, ...about, counted, isReady }, payload: toJson(listeners) };
}

export function readBeat({ head, payload }: Envelope): Beat | undefined {
  const { counted, isReady } = head;
  const rows = parseRows(payload);
  if (rows === undefined || !isCount(counted)) return undefined;
  const listeners = new Map<string, ListenerReport>();
  for (const [listener, digest, connections, mark] of rows) {
    if (typeof listener !== 'string' || typeof digest !== 'string' || !isCount(connections)) return undefined;
    listeners.set(listener, { digest, connections, revoked: readMark(mark) });
  }
  return { about: readAbout(head), counted, isReady: isReady === true, listeners };
}

/** Earlier versions say nothing of it. */
function readAbout({ host, version }: Envelope['head']): About {
  const named = (value: unknown) => (typeof value === 'string' ? value.slice(0, MAX_NAME) : '');
  return { host: named(host), version: named(version) };
}

/**
 * Says how many peers tenants have, in as many messages as that takes; in one where there are none.
 * @param counted numbers the messages, one after the other; the same for all where they answer a question
 */
export function* writeCounts(
  instance: string,
  listener: string,
  tenants: readonly (readonly [string, number])[],
  { counted, isAnswer }: Pick<Counts, 'isAnswer'> & { counted(): number },
): Generator<Outgoing> {
  for (let start = 0; start === 0 || start < tenants.length; start += PIECE) {
    const head = { instance, listener, counted: counted(), isAnswer, isFirst: isAnswer && start === 0 };
    yield { kind: 'counts', head, payload: toJson(tenants.slice(start, start + PIECE)) };
  }
}

export function readCounts({ head, payload }: Envelope): Counts | undefined {
  const { listener, counted, isAnswer, isFirst } = head;
  const rows = parseRows(payload);
  if (rows === undefined || typeof listener !== 'string' || !isCount(counted)) return undefined;
  const tenants: [string, number][] = [];
  for (const [tenant, count] of rows) {
    if (typeof tenant !== 'string' || !isCount(count)) return undefined;
    tenants.push([tenant, count]);
  }
  return { listener, counted, isAnswer: isAnswer === true, isFirst: isFirst === true, tenants };
}

function readMark(told: unknown): Mark | undefined {
  const { horizon, digest } = Object(told) as Partial<Record<string, unknown>>;
  return isCount(horizon) && typeof digest === 'string' ? { horizon, digest } : undefined;
}

function toJson(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value));
}

function parseRows(payload: Buffer): (readonly unknown[])[] | undefined {
  const rows = parseJson(payload);
  return Array.isArray(rows) && rows.every(Array.isArray) ? rows : undefined;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}
