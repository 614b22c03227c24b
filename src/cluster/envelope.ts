// What is sealed: kind 1 | flags 1 | digest 8 | length of the head 4 | head, JSON | payload.

/** What members say to each other. The numbers are part of the format. */
export const KINDS = {
  /** For the peers of one tenant. */
  tenant: 1,
  /** For all peers of a listener. */
  everybody: 2,
  /** For one peer. */
  session: 3,
  /** That an instance is there, and how many peers it has. */
  beat: 4,
  /** That an instance goes. */
  bye: 5,
  /** Asks for what another instance has. */
  hello: 6,
  /** How many peers some tenants have now. */
  counts: 7,
  /** Asks others about their peers, or to do something. */
  ask: 8,
  /** A part of what has come of it. */
  answer: 9,
  /** What an instance has of revocations, in short. */
  marks: 10,
  /** Some of them. */
  revocations: 11,
} as const;

export type Kind = keyof typeof KINDS;

/** A message between members. */
export interface Envelope {
  readonly kind: Kind;
  readonly isBinary: boolean;
  /** How the listener that it is about is configured; empty where it is about none. */
  readonly digest: string;
  readonly head: Readonly<Record<string, unknown>>;
  readonly payload: Buffer;
}

/** An envelope, of which what is left out is empty. */
export type Outgoing = Pick<Envelope, 'kind'> & Partial<Envelope>;

const DIGEST_BYTES = 8;
const FIXED_BYTES = 14;
const BINARY = 1;
const NO_PAYLOAD = Buffer.alloc(0);

const NAMES = new Map<number, Kind>(
  Object.entries(KINDS).map(([name, number]) => [number, name as Kind]), // its own keys
);

/** The parts of an envelope, one after the other; payloads are not copied. */
export function writeEnvelope({
  kind,
  isBinary = false,
  digest = '',
  head = {},
  payload = NO_PAYLOAD,
}: Outgoing): readonly [Buffer, Buffer] {
  const text = JSON.stringify(head);
  const bytes = Buffer.alloc(FIXED_BYTES + Buffer.byteLength(text));
  bytes[0] = KINDS[kind];
  bytes[1] = isBinary ? BINARY : 0;
  bytes.write(digest, 2, DIGEST_BYTES, 'base64url');
  bytes.writeUInt32BE(bytes.length - FIXED_BYTES, 2 + DIGEST_BYTES);
  bytes.write(text, FIXED_BYTES);
  return [bytes, payload];
}

/** Undefined where it is none that this version knows. */
export function readEnvelope(bytes: Buffer): Envelope | undefined {
  if (bytes.length < FIXED_BYTES) return undefined;
  const kind = NAMES.get(bytes[0] ?? 0);
  const end = FIXED_BYTES + bytes.readUInt32BE(2 + DIGEST_BYTES);
  if (kind === undefined || end > bytes.length) return undefined;
  const head = parse(bytes.toString('utf8', FIXED_BYTES, end));
  if (head === undefined) return undefined;
  const isBinary = bytes[1] === BINARY;
  const digest = bytes.toString('base64url', 2, 2 + DIGEST_BYTES);
  return { kind, isBinary, digest, head, payload: bytes.subarray(end) };
}

function parse(text: string): Envelope['head'] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Envelope['head']) : undefined;
  } catch {
    return undefined;
  }
}
